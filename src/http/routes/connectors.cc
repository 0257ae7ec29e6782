#include "http/routes/connectors.h"

#include <algorithm>

#include "base/json.h"
#include "connectors/file_tree.h"
#include "flows/component_usage.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using connectors::ConnectorRows;

struct Parts : ConnectorParts {
  explicit Parts(const ConnectorParts& parts)
      : ConnectorParts(parts),
        rows(parts.registry, parts.catalogues, parts.store, parts.operation) {}
  ConnectorRows rows;
};

const ListQuery::Fields kFields{"name", {"name", "label", "description"}};

// true, false, or nothing when it was not said.
base::Result<std::optional<bool>> flagOf(const Request& request, std::string_view name) {
  const auto text = request.queryValue(name);
  if (!text || text->empty()) {
    return std::optional<bool>();
  }
  if (*text != "true" && *text != "false") {
    return base::fail(base::Code::kInvalid, "\"" + std::string(name) + "\" must be true or false.");
  }
  return std::optional(*text == "true");
}

// Rows that the query's own parameters leave; filter, sort and the rest are ListQuery's.
base::Result<json::array> chosenRows(const Parts& parts, const Request& request) {
  const auto installed = flagOf(request, "installed");
  const auto update = flagOf(request, "updateAvailable");
  if (!installed || !update) {
    return installed ? update.error() : installed.error();
  }
  const auto category = request.queryValue("category");
  const auto vendor = request.queryValue("vendor");
  json::array chosen;
  for (json::value& row : parts.rows.rows()) {
    const json::object& members = row.as_object();
    if ((!*installed || json::getBool(members, "installed") == **installed) &&
        (!*update || json::getBool(members, "updateAvailable") == **update) &&
        (!category || category->empty() || json::getString(members, "category") == *category) &&
        (!vendor || vendor->empty() || json::getString(members, "vendor") == *vendor)) {
      chosen.push_back(std::move(row));
    }
  }
  return chosen;
}

// One line of what a header may hold.
std::string headerText(std::string text) {
  std::string out;
  for (const char character : text) {
    const bool isPlain = character >= ' ' && character <= '~';
    out += character == '\n' ? "; " : std::string(1, isPlain ? character : '?');
  }
  return out.substr(0, 2000);
}

Answer list(const Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  auto rows = chosenRows(parts, request);
  if (!query || !rows) {
    return query ? rows.error() : query.error();
  }
  Response response = jsonResponse(query->apply(std::move(*rows), kFields));
  if (const std::string error = parts.catalogues.error(); !error.empty()) {
    response.headers.emplace_back("X-Catalogue-Error", headerText(error));
  }
  return response;
}

Answer count(const Parts& parts, const Request& request) {
  auto query = ListQuery::parse(request);
  auto rows = chosenRows(parts, request);
  if (!query || !rows) {
    return query ? rows.error() : query.error();
  }
  return jsonResponse(json::object{{"count", query->count(*rows, kFields)}});
}

Answer refresh(const Parts& parts, const Request&) {
  // What could not be read is told in `error`: being offline is no failure of the call.
  [[maybe_unused]] const base::Status status = parts.catalogues.refresh();
  const std::string error = parts.catalogues.error();
  parts.refreshed();
  return jsonResponse(json::object{{"refreshed", parts.catalogues.offers()->offers.size()},
                                   {"error", error.empty() ? json::value() : json::value(error)}});
}

// Only flows that use a component of the connector itself: the usage query also finds the name in
// the middle of a type.
base::Result<json::object> usageOf(const Parts& parts, const std::string& name) {
  flows::UsageQuery query;
  query.componentType = name;
  query.group = flows::UsageQuery::Group::kFlow;
  const auto rows = flows::componentUsage(parts.store, query);
  if (!rows) {
    return rows.error();
  }
  std::size_t running = 0;
  std::size_t stopped = 0;
  std::set<std::string> users;
  for (const flows::UsageRow& row : *rows) {
    if (std::any_of(row.types.begin(), row.types.end(),
                    [&](const std::string& type) { return type.starts_with(name + "."); })) {
      (row.stage == "running" ? running : stopped) += 1;
      users.insert(row.userId);
    }
  }
  return json::object{
      {"flowsRunning", running}, {"flowsStopped", stopped}, {"users", users.size()}};
}

void addConfigured(const Parts& parts, json::object& detail) {
  if (!detail["auth"].is_object()) {
    return;
  }
  json::object& auth = detail["auth"].get_object();
  const json::object settings = parts.configuration.get(json::getString(auth, "service"));
  const json::array& required = json::getArray(auth, "requiredKeys");
  auth["configured"] = std::all_of(required.begin(), required.end(), [&](const json::value& key) {
    return !json::getString(settings, std::string_view(key.get_string())).empty();
  });
}

Answer one(const Parts& parts, const Request& request) {
  auto detail = parts.rows.detail(request.param("name"));
  if (!detail) {
    return detail.error();
  }
  auto usage = usageOf(parts, request.param("name"));
  if (!usage) {
    return usage.error();
  }
  addConfigured(parts, *detail);
  if ((*detail)["quota"].is_object() && parts.customQuotas) {
    json::object& quota = (*detail)["quota"].get_object();
    const bool isCustom = parts.customQuotas().contains(json::getString(quota, "name"));
    quota["isCustom"] = isCustom ? json::value(true) : json::value(nullptr);
  }
  (*detail)["usage"] = std::move(*usage);
  return jsonResponse(std::move(*detail));
}

Answer versions(const Parts& parts, const Request& request) {
  auto versions = parts.rows.versions(request.param("name"));
  return versions ? Answer(jsonResponse(std::move(*versions))) : Answer(versions.error());
}

Answer changelog(const Parts& parts, const Request& request) {
  auto entries =
      parts.rows.changelog(request.param("name"), request.queryValue("from").value_or(""),
                           request.queryValue("to").value_or(""));
  return entries ? Answer(jsonResponse(std::move(*entries))) : Answer(entries.error());
}

Answer download(const Parts& parts, const Request& request) {
  auto zip = parts.rows.download(request.param("name"), request.queryValue("version").value_or(""));
  if (!zip) {
    return zip.error();
  }
  Response response;
  response.contentType = "application/zip";
  response.headers.emplace_back(
      "Content-Disposition", "attachment; filename=\"" + zip->name + "-" + zip->version + ".zip\"");
  response.body = std::move(zip->bytes);
  return response;
}

bool isFresh(const Request& request, const std::string& tag) {
  const auto at = request.headers.find("if-none-match");
  return at != request.headers.end() && at->second.find(tag) != std::string::npos;
}

// Changed by an update only, so it may be kept and asked about; private, since only
// administrators see it.
Answer icon(const Parts& parts, const Request& request) {
  auto icon = parts.rows.icon(request.param("name"));
  if (!icon) {
    return icon.error();
  }
  const std::string tag = "\"" + connectors::sha256Hex(icon->bytes).substr(0, 32) + "\"";
  Response response;
  response.status = isFresh(request, tag) ? 304 : 200;
  response.contentType = icon->mime;
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Cache-Control", "private, max-age=3600");
  response.headers.emplace_back("Content-Security-Policy", std::string(connectors::kIconPolicy));
  if (response.status == 200) {
    response.body = std::move(icon->bytes);
  }
  return response;
}

}  // namespace

void addConnectorRoutes(Router& router, const ConnectorParts& from) {
  const auto parts = std::make_shared<const Parts>(from);
  const auto with = [parts](auto answer) -> Handler {
    return [parts, answer](Request& request) { return answer(*parts, request); };
  };
  const RouteRules admin{.access = Access::kAdmin};
  router.add(Method::kGet, "/connectors", admin, "Installed connectors and those on offer",
             with(list));
  router.add(Method::kGet, "/connectors/count", admin, "How many connectors", with(count));
  router.add(Method::kPost, "/connectors/refresh", admin, "Read the catalogues anew",
             with(refresh));
  router.add(Method::kGet, "/connectors/:name", admin, "One connector", with(one));
  router.add(Method::kGet, "/connectors/:name/versions", admin,
             "Versions installed, in the trash and on offer", with(versions));
  router.add(Method::kGet, "/connectors/:name/changelog", admin,
             "What changed between two versions", with(changelog));
  router.add(Method::kGet, "/connectors/:name/download", admin, "Zip that can be published again",
             with(download));
  router.add(Method::kGet, "/connectors/:name/icon", admin, "Icon as a picture", with(icon));
}

}  // namespace patchbay::http
