#include "http/routes/publishing.h"

#include <algorithm>

#include "base/json.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;

constexpr const char* kArchiveLimit = "LIMIT_CC_ARCHIVE_MAX_BYTES";

connectors::VendorRights rightsOf(const access::Caller& caller) {
  return {caller.isAdmin(), caller.vendors};
}

updates::Wish wishOf(const Request& request) {
  updates::Wish wish;
  wish.userId = request.caller->userId;
  wish.ip = request.clientAddress;
  return wish;
}

Answer publish(const PublishingParts& parts, Request& request) {
  const access::Caller& caller = *request.caller;
  if (!caller.isAdmin() && caller.vendors.empty()) {
    return base::fail(base::Code::kForbidden,
                      "You are not a vendor: only administrators and users with a vendor publish "
                      "components. Ask an administrator to add a vendor to your user.");
  }
  connectors::Archive archive;
  archive.rights = rightsOf(caller);
  archive.replaceAll = request.saysYes("replaceAll");
  archive.limits = connectors::ZipLimits::upload();
  archive.limits.archiveBytes =
      parts.configuration.bytes(kArchiveLimit, archive.limits.archiveBytes);
  archive.limits.unpackedBytes =
      std::max<std::uint64_t>(archive.limits.unpackedBytes, 6 * archive.limits.archiveBytes);
  archive.bytes = std::move(request.body);
  updates::Wish wish = wishOf(request);
  wish.confirmed = request.saysYes("confirmBreaking") ||
                   parts.configuration.flag("PUBLISH_CONFIRMS_BREAKING", false);
  if (const auto word = request.queryValue("mode")) {
    auto mode = updates::parseMode(*word);
    if (!mode) {
      return mode.error();
    }
    wish.mode = *mode;
  }
  auto operation = parts.lifecycle.publish(std::move(archive), wish);
  if (!operation) {
    return operation.error();
  }
  return jsonResponse(boost::json::object{{"ticket", operation->ticket}});
}

Answer readTicket(const PublishingParts& parts, const Request& request) {
  const access::Caller& caller = *request.caller;
  const auto operation = parts.operations.byTicket(request.param("ticket"));
  if (!operation || operation->action != updates::Action::kPublish ||
      (!caller.isAdmin() && operation->userId != caller.userId)) {
    return base::fail(base::Code::kNotFound, "There is no upload with this ticket.");
  }
  return jsonResponse(operation->uploaderJson());
}

Answer remove(const PublishingParts& parts, const Request& request) {
  const auto begun = parts.lifecycle.removeSelected(request.param("selector"),
                                                    rightsOf(*request.caller), wishOf(request));
  if (!begun) {
    return begun.error();
  }
  const updates::Operation ended = parts.operations.await(begun->ticket);
  return ended.status == "completed"
             ? Answer(jsonResponse(boost::json::object()))
             : Answer(base::fail(base::Code::kConflict,
                                 ended.err.empty() ? "The server stops." : ended.err));
}

}  // namespace

void addPublishingRoutes(Router& router, const PublishingParts& parts) {
  const auto with = [parts](auto answer) -> Handler {
    return [parts, answer](Request& request) { return answer(parts, request); };
  };
  router.add(Method::kPost, "/components", {.limit = kArchiveLimit, .grows = true},
             "Publish a zip; answers a ticket", with(publish));
  router.add(Method::kGet, "/components/uploader/:ticket", {}, "Progress of a publishing",
             with(readTicket));
  router.add(Method::kDelete, "/components/:selector", {},
             "Remove a connector, module or component", with(remove));
}

}  // namespace patchbay::http
