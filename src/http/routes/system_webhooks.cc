#include "http/routes/system_webhooks.h"

#include "base/json.h"
#include "http/body.h"
#include "http/list_query.h"

namespace patchbay::http {

namespace {

using Answer = base::Result<Response>;
using system_webhooks::Deliveries;

constexpr std::size_t kMostAtOnce = 1'000;

base::Result<store::WebhookDeliveryFilter> filterOf(const Request& request) {
  store::WebhookDeliveryFilter filter;
  filter.event = request.queryValue("event").value_or("");
  filter.url = request.queryValue("url").value_or("");
  filter.flowId = request.queryValue("flowId").value_or("");
  if (const auto text = request.queryValue("state"); text && !text->empty()) {
    auto state = Deliveries::stateOf(*text);
    if (!state) {
      return state.error();
    }
    filter.state = *state;
  }
  return filter;
}

Answer list(Deliveries& deliveries, const Request& request) {
  auto filter = filterOf(request);
  auto query = ListQuery::parse(request);
  if (!filter || !query) {
    return filter ? query.error() : filter.error();
  }
  auto views = deliveries.list(
      *filter, static_cast<std::int64_t>(std::min<std::size_t>(query->offset(), 1'000'000)),
      static_cast<std::int64_t>(std::min(query->limit(), kMostAtOnce)));
  return views ? Answer(jsonResponse(std::move(*views))) : Answer(views.error());
}

Answer count(Deliveries& deliveries, const Request& request) {
  auto filter = filterOf(request);
  if (!filter) {
    return filter.error();
  }
  auto number = deliveries.count(*filter);
  return number ? Answer(jsonResponse(json::object{{"count", *number}})) : Answer(number.error());
}

Answer one(Deliveries& deliveries, const Request& request) {
  auto view = deliveries.one(request.param("id"));
  return view ? Answer(jsonResponse(std::move(*view))) : Answer(view.error());
}

Answer sendAgain(Deliveries& deliveries, const Request& request) {
  auto view = deliveries.sendAgain(request.param("id"));
  return view ? Answer(jsonResponse(std::move(*view))) : Answer(view.error());
}

Answer test(Deliveries& deliveries, const Request& request) {
  auto body = objectBody(request);
  if (!body) {
    return body.error();
  }
  auto views = deliveries.test(json::getString(*body, "key"));
  return views ? Answer(jsonResponse(json::object{{"deliveries", std::move(*views)}}))
               : Answer(views.error());
}

}  // namespace

void addSystemWebhookRoutes(Router& router, Deliveries& deliveries) {
  using Run = Answer (*)(Deliveries&, const Request&);
  const auto with = [&deliveries](Run run) -> Handler {
    return [&deliveries, run](Request& request) { return run(deliveries, request); };
  };
  router.add(Method::kGet, "/system-webhooks/deliveries", {.access = Access::kAdmin},
             "Deliveries of system webhooks, by event, url, flowId and state; newest first",
             with(list));
  router.add(Method::kGet, "/system-webhooks/deliveries/count", {.access = Access::kAdmin},
             "Count deliveries of system webhooks", with(count));
  router.add(Method::kGet, "/system-webhooks/deliveries/:id", {.access = Access::kAdmin},
             "One delivery, with what was sent", with(one));
  router.add(Method::kPost, "/system-webhooks/deliveries/:id/retry", {.access = Access::kAdmin},
             "Send a delivery again, now", with(sendAgain));
  router.add(Method::kPost, "/system-webhooks/test", {.access = Access::kAdmin},
             "Send a sample to the URLs of a key", with(test));
}

}  // namespace patchbay::http
