#include "access/gate.h"

namespace patchbay::access {

std::string_view Gate::bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size()) {
    return {};
  }
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) {
      return {};
    }
  }
  authorization.remove_prefix(kScheme.size());
  while (!authorization.empty() && authorization.front() == ' ') {
    authorization.remove_prefix(1);
  }
  while (!authorization.empty() && authorization.back() == ' ') {
    authorization.remove_suffix(1);
  }
  return authorization;
}

base::Result<std::shared_ptr<const Caller>> Gate::caller(std::string_view token) {
  auto userId = tokens_.verify(token);
  if (!userId) {
    return userId.error();
  }
  return users_.callerFor(*userId);
}

base::Result<std::string> Gate::issueFor(const std::string& userId, base::Millis life) {
  auto caller = users_.callerFor(userId);
  if (!caller) {
    return caller.error();
  }
  return tokens_.issue({(*caller)->userId, (*caller)->username, (*caller)->scope}, life);
}

}  // namespace patchbay::access
