#include <array>
#include <stdexcept>

#include "http/route.h"
#include "http/target.h"

namespace patchbay::http {

namespace {
constexpr std::size_t kMethods = 5;
constexpr std::size_t kNoRoute = static_cast<std::size_t>(-1);
}  // namespace

std::string_view methodText(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "GET";
}

// One place in a path. The names of parameters belong to the route, not to the place.
struct Router::Node {
  Node() { routes.fill(kNoRoute); }
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::array<std::size_t, kMethods> routes{};
  std::array<std::vector<std::string>, kMethods> names;
};

// The search for one path: literals first, then a parameter, then the rest.
struct Router::Walk {
  Method method;
  std::vector<std::string> decoded;
  std::vector<std::string*> taken;
  std::string restText;
  const Node* at = nullptr;
  unsigned allowed = 0;  // bit per method of the places that have the path

  bool end(const Node& node) {
    for (std::size_t i = 0; i < kMethods; ++i) {
      allowed |= node.routes[i] == kNoRoute ? 0U : 1U << i;
    }
    if (node.routes[static_cast<std::size_t>(method)] == kNoRoute) {
      return false;
    }
    at = &node;
    return true;
  }

  bool step(const Node& node, std::size_t index) {
    if (index == decoded.size()) {
      return end(node);
    }
    const auto literal = node.literals.find(decoded[index]);
    if (literal != node.literals.end() && step(*literal->second, index + 1)) {
      return true;
    }
    if (node.parameter) {
      taken.push_back(&decoded[index]);
      if (step(*node.parameter, index + 1)) {
        return true;
      }
      taken.pop_back();
    }
    return node.rest && takeRest(*node.rest, index);
  }

  bool takeRest(const Node& node, std::size_t index) {
    if (!end(node)) {
      return false;
    }
    for (std::size_t i = index; i < decoded.size(); ++i) {
      restText += (i == index ? "" : "/") + decoded[i];
    }
    taken.push_back(&restText);
    return true;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(Route route) {
  if (static_cast<bool>(route.handler) == static_cast<bool>(route.asyncHandler)) {
    throw std::logic_error("route " + route.pattern + " needs one handler");
  }
  Node* node = root_.get();
  std::vector<std::string> names;
  for (const std::string_view segment : pathSegments(route.pattern)) {
    std::unique_ptr<Node>* child = nullptr;
    if (segment.front() == ':' || segment.front() == '*') {
      names.emplace_back(segment.substr(1));
      child = segment.front() == ':' ? &node->parameter : &node->rest;
    } else {
      child = &node->literals[std::string(segment)];
    }
    if (!*child) {
      *child = std::make_unique<Node>();
    }
    node = child->get();
  }
  const auto method = static_cast<std::size_t>(route.method);
  if (node->routes[method] != kNoRoute) {
    throw std::logic_error("two routes for " + std::string(methodText(route.method)) + " " +
                           route.pattern);
  }
  node->routes[method] = routes_.size();
  node->names[method] = std::move(names);
  routes_.push_back(std::move(route));
}

namespace {

Route routeOf(Method method, std::string pattern, RouteRules rules, std::string summary) {
  Route route;
  static_cast<RouteRules&>(route) = std::move(rules);
  route.method = method;
  route.pattern = std::move(pattern);
  route.summary = std::move(summary);
  return route;
}

}  // namespace

void Router::add(Method method, std::string pattern, RouteRules rules, std::string summary,
                 Handler handler) {
  Route route = routeOf(method, std::move(pattern), std::move(rules), std::move(summary));
  route.handler = std::move(handler);
  add(std::move(route));
}

void Router::add(Method method, std::string pattern, RouteRules rules, std::string summary,
                 AsyncHandler handler) {
  Route route = routeOf(method, std::move(pattern), std::move(rules), std::move(summary));
  route.asyncHandler = std::move(handler);
  add(std::move(route));
}

Router::Match Router::match(Method method, std::string_view rawPath) const {
  Match match;
  Walk walk{method, {}, {}, {}, nullptr, 0};
  for (const std::string_view segment : pathSegments(rawPath)) {
    auto decoded = percentDecode(segment);
    if (!decoded || walk.decoded.size() >= 64) {
      return match;
    }
    walk.decoded.push_back(std::move(*decoded));
  }
  if (!walk.step(*root_, 0)) {
    match.pathKnown = walk.allowed != 0;
    for (std::size_t i = 0; i < kMethods; ++i) {
      if ((walk.allowed & (1U << i)) != 0) {
        match.allow += (match.allow.empty() ? "" : ", ");
        match.allow += methodText(static_cast<Method>(i));
      }
    }
    return match;
  }
  const auto index = static_cast<std::size_t>(method);
  match.route = &routes_[walk.at->routes[index]];
  const auto& names = walk.at->names[index];
  for (std::size_t i = 0; i < names.size() && i < walk.taken.size(); ++i) {
    match.params.emplace(names[i], std::move(*walk.taken[i]));
  }
  return match;
}

}  // namespace patchbay::http
