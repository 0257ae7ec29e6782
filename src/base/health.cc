#include "base/health.h"

namespace patchbay::base {

namespace {

void ask(const std::vector<Health::Check>& checks, std::vector<Problem>& problems) {
  for (const Health::Check& check : checks) {
    if (std::optional<Problem> problem = check()) {
      problems.push_back(std::move(*problem));
    }
  }
}

}  // namespace

void Health::add(ReadOn where, Check check) {
  (where == ReadOn::kLoop ? loop_ : anyThread_).push_back(std::move(check));
}

std::vector<Problem> Health::problems(const OnLoop& onLoop) const {
  const auto ofLoop = std::make_shared<std::vector<Problem>>();
  const bool answered = onLoop([this, ofLoop] { ask(loop_, *ofLoop); });
  std::vector<Problem> problems;
  if (answered) {
    problems = std::move(*ofLoop);
  } else {
    problems.push_back(
        {"ENGINE_BLOCKED",
         "The engine did not answer within five seconds: flows stand still. Its log may say why.",
         true});
  }
  ask(anyThread_, problems);
  return problems;
}

}  // namespace patchbay::base
