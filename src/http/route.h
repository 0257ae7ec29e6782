// One REST route: where it is, who may call it, what answers. Every route of the server stands in one table (Router) that tests walk.
//
// Threads: handlers run on a pool of request threads and may block (a store write, a worker call). An AsyncHandler answers later, from
// any thread, exactly once.
// Errors: a handler returns base::Error; the server writes the one error shape of rest-api §1.3.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/caller.h"
#include "base/result.h"
#include "http/body_stream.h"

namespace patchbay::http {

enum class Method : std::uint8_t { kGet, kPost, kPut, kPatch, kDelete };

struct Request {
  Method method = Method::kGet;
  std::string target;                                         // path and query as they came
  std::string path;                                           // decoded once
  std::map<std::string, std::string, std::less<>> params;     // of the pattern, decoded
  std::vector<std::pair<std::string, std::string>> query;     // decoded as a form, in order; "name[]" counts as "name"
  std::map<std::string, std::string, std::less<>> headers;    // names in lower case
  std::string body;
  std::optional<access::Caller> caller;                       // who, when a valid token came
  std::string clientAddress;

  const std::string& param(std::string_view name) const;      // "" when absent
  std::optional<std::string> queryValue(std::string_view name) const;  // first
  std::vector<std::string> queryValues(std::string_view name) const;
  bool saysYes(std::string_view name) const;  // the query: yes, true or 1
  // The body as JSON. An empty body is an empty object. kInvalid names the place.
  base::Result<boost::json::value> json() const;
};

struct Response {
  int status = 200;
  std::string contentType = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // In place of `body`: made while it is sent. With a length it is as long as that, or the
  // connection is cut.
  std::shared_ptr<BodyStream> stream = nullptr;
  std::optional<std::uint64_t> streamLength = std::nullopt;
};

Response jsonResponse(const boost::json::value& document, int status = 200);
Response jsonText(std::string text, int status = 200);

using Handler = std::function<base::Result<Response>(Request&)>;
using Respond = std::function<void(base::Result<Response>)>;
using AsyncHandler = std::function<void(Request, Respond)>;

enum class Access : std::uint8_t {
  kOpen,   // no token needed; a valid one still fills `caller`, an invalid one is ignored
  kUser,   // any signed-in user
  kAdmin,  // scope contains admin
};

struct RouteRules {
  Access access = Access::kUser;
  std::string family = {};  // route family of the ACL ("flows"); empty = not ruled
  std::string limit = {};   // name of the configuration key that bounds the body; empty = 2 MiB
  bool grows = false;       // stores something new: refused while the reserve of the disk is spent
};

struct Route : RouteRules {
  Method method = Method::kGet;
  std::string pattern;  // "/flows/:id/coordinator"; literals win over parameters; "*rest" takes the rest
  std::string summary;  // one line for the OpenAPI document
  Handler handler;      // one of the two
  AsyncHandler asyncHandler;
};

// Threads: add everything first; match is then safe from any thread.
class Router {
 public:
  Router();
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  // Twice the same method and pattern is a bug and throws.
  void add(Route route);
  void add(Method method, std::string pattern, RouteRules rules, std::string summary,
           Handler handler);
  void add(Method method, std::string pattern, RouteRules rules, std::string summary,
           AsyncHandler handler);
  const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> params;
    bool pathKnown = false;  // another method has this path: 405
    std::string allow;       // "GET, PUT", of the path, when `route` is null
  };
  // `rawPath`: still percent-encoded, without query; segments are split before they are decoded.
  Match match(Method method, std::string_view rawPath) const;

 private:
  struct Node;
  struct Walk;
  std::vector<Route> routes_;
  std::unique_ptr<Node> root_;
};

std::string_view methodText(Method method);

}  // namespace patchbay::http
