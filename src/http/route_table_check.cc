#include "http/route_table_check.h"

#include "http/target.h"

namespace patchbay::http {

namespace {

std::string pathOf(const Route& route) {
  std::string path;
  for (const std::string_view segment : pathSegments(route.pattern)) {
    const bool made = segment.front() == ':' || segment.front() == '*';
    path += "/" + std::string(made ? "none-such" : segment);
  }
  return path.empty() ? "/" : path;
}

std::string wrong(const Route& route, std::string_view who, int status, std::string_view wanted) {
  return std::string(methodText(route.method)) + " " + route.pattern + " as " + std::string(who) +
         " answered " + std::to_string(status) + ", wanted " + std::string(wanted);
}

}  // namespace

std::vector<std::string> checkRouteTable(const Router& router, const Ask& ask) {
  std::vector<std::string> problems;
  for (const Route& route : router.routes()) {
    const std::string path = pathOf(route);
    const int nobody = ask(route.method, path, AskAs::kNobody);
    if (route.access == Access::kOpen) {
      if (nobody == 500) {
        problems.push_back(wrong(route, "nobody", nobody, "an answer"));
      }
      continue;
    }
    if (nobody != 401) {
      problems.push_back(wrong(route, "nobody", nobody, "401"));
    }
    const int user = ask(route.method, path, AskAs::kPlainUser);
    if (route.access == Access::kAdmin ? user != 403 : user == 401 || user == 500) {
      problems.push_back(wrong(route, "a plain user", user,
                               route.access == Access::kAdmin ? "403" : "to be let in"));
    }
    const int admin = ask(route.method, path, AskAs::kAdmin);
    if (admin == 401 || admin == 500 || (admin == 403 && route.access == Access::kAdmin)) {
      problems.push_back(wrong(route, "an admin", admin, "to be let in"));
    }
  }
  return problems;
}

}  // namespace patchbay::http
