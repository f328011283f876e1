#include "agent/observers/foreign_change.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

TableReading standing(std::uint64_t installation, std::uint8_t structure) {
  TableReading reading;
  reading.present = true;
  reading.installation = installation;
  reading.structure[0] = structure;
  return reading;
}

TEST(ForeignChange, WhatStandsAsItWasPutUpIsNobodysChange) {
  ForeignChange foreign;
  EXPECT_FALSE(foreign.look({}));  // never seen: not there yet
  EXPECT_FALSE(foreign.look(standing(1, 1)));
  EXPECT_FALSE(foreign.look(standing(1, 1)));
  EXPECT_FALSE(foreign.look(standing(2, 2)));  // put up anew
}

TEST(ForeignChange, OtherRulesAreSaidUntilTheTableIsPutUpAnew) {
  ForeignChange foreign;
  foreign.look(standing(1, 1));
  EXPECT_TRUE(foreign.look(standing(1, 2)));
  EXPECT_TRUE(foreign.look(standing(1, 2)));
  EXPECT_FALSE(foreign.look(standing(2, 3)));
  EXPECT_FALSE(foreign.look(standing(2, 3)));
}

TEST(ForeignChange, ATableThatWentAwayIsSomebodysDoing) {
  ForeignChange foreign;
  foreign.look(standing(1, 1));
  EXPECT_TRUE(foreign.look({}));
  EXPECT_TRUE(foreign.look({}));
  EXPECT_FALSE(foreign.look(standing(2, 1)));
}

TEST(ForeignChange, WhatWasRepairedBeforeTheLookIsSaidOnce) {
  ForeignChange foreign;
  foreign.look(standing(1, 1));
  foreign.touched();
  EXPECT_TRUE(foreign.look(standing(2, 2)));
  EXPECT_FALSE(foreign.look(standing(2, 2)));
}

TEST(ForeignChange, ChangedElementsAreSaidOnce) {
  ForeignChange foreign;
  foreign.look(standing(1, 1));
  foreign.touched();
  EXPECT_TRUE(foreign.look(standing(1, 1)));
  EXPECT_FALSE(foreign.look(standing(1, 1)));
}

}  // namespace
}  // namespace lokaal
