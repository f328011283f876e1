#include "agent/observers/kernel_observer.hpp"

#include <utility>

namespace lokaal {

Result<std::unique_ptr<KernelObserver>> KernelObserver::start(boost::asio::io_context& io,
                                                              std::function<void()> changed) {
  auto reader = TableReader::open();
  if (!reader) return tl::unexpected(reader.error());
  std::unique_ptr<KernelObserver> observer(new KernelObserver(std::move(*reader)));
  auto watch =
      ChangeWatch::start(io, [self = observer.get(), changed = std::move(changed)](bool foreign) {
        if (foreign) self->foreign_change_.touched();
        changed();
      });
  if (!watch) return tl::unexpected(watch.error());
  observer->watch_ = std::move(*watch);
  if (auto looked = observer->look(); !looked) return tl::unexpected(looked.error());
  return observer;
}

Result<void> KernelObserver::look() {
  const auto ruleset = reader_.ruleset();
  if (!ruleset) {
    reading_.reset();
    return tl::unexpected(ruleset.error());
  }
  const bool stands = reading_ && ruleset_ == *ruleset && !reading_->ends_by_itself();
  if (!stands) {
    auto reading = reader_.read();
    if (!reading) {
      reading_.reset();
      return tl::unexpected(reading.error());
    }
    ruleset_ = *ruleset;
    reading_ = std::move(*reading);
  }
  foreign_ = foreign_change_.look(*reading_);
  return {};
}

std::optional<wire::KernelReading> KernelObserver::of_room(std::uint16_t number) const {
  if (!reading_) return std::nullopt;
  wire::KernelReading out;
  out.present = reading_->present;
  out.foreign_change = foreign_;
  if (!reading_->present) return out;
  out.mode = reading_->mode_of(number);
  if (reading_->applied) out.generation = *reading_->applied;
  return out;
}

}  // namespace lokaal
