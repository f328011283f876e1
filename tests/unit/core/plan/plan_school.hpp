// Signed plan documents of the small school of tests/unit/core/command/school.hpp.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "core/plan/trusted_plan.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal::school {

// The first members of a document of that name.
boost::json::object plan_doc(const std::string& name, std::int64_t version = 1);
std::string sign_plan(const boost::json::object& document, const std::string& kid);

boost::json::object lesson(const std::string& from, const std::string& to,
                           const std::string& room = "lokaal-112",
                           const std::string& teacher = "p-17");
boost::json::object timetable_doc(const boost::json::array& lessons, std::int64_t version = 1);

// Signed by root-1, whose thumbprint first_root() pins.
std::string root_text(std::int64_t version, const std::vector<std::string>& kids,
                      const std::vector<std::string>& signers);
// Teacher p-17 with teacher-key, the panel with panel-key, unless it is left out.
std::string roster_text(std::int64_t version, bool with_panel = true,
                        const std::string& signer = "root-1");

// Root 1 and roster 1.
TrustedPlan first_plan();

}  // namespace lokaal::school
