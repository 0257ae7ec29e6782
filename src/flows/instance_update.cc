#include "flows/instance_update.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "flows/flow_clone.h"

namespace patchbay::flows {

namespace {

using boost::json::object;
using boost::json::value;

// Ids of the template's components in the instance: those it has, new ones for new components.
IdMap idsInInstance(const value& templateFlow, const object& instance, base::Random& random) {
  IdMap ids = newComponentIds(templateFlow, random);
  for (const auto& [from, to] : json::getObject(instance, "componentIdMap")) {
    const auto known = ids.find(std::string_view(from));
    if (known != ids.end() && to.is_string()) {
      known->second = to.get_string();
    }
  }
  return ids;
}

// The member at "a.b.c" below `root`. No key in it may hold a dot, which holds for ids, ports and
// the names between them.
value* memberAt(value& root, std::string_view path) {
  value* at = &root;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    at = at->is_object() ? at->get_object().if_contains(path.substr(0, dot)) : nullptr;
    if (at == nullptr) {
      return nullptr;
    }
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

void keepAnswers(const value& wizard, value& before, value& flow) {
  const value* fields = json::find(wizard, "fields");
  if (fields == nullptr || !fields->is_array()) {
    return;
  }
  for (const value& field : fields->get_array()) {
    const value* source = json::find(field, "source");
    if (source == nullptr || !source->is_string() || source->get_string().empty()) {
      continue;
    }
    const value* answer = memberAt(before, source->get_string());
    value* place = memberAt(flow, source->get_string());
    if (answer != nullptr && place != nullptr) {
      *place = *answer;
    }
  }
}

}  // namespace

object instanceUpdate(const store::FlowRecord& templateFlow, const store::FlowRecord& instance,
                      base::Random& random) {
  const value newer = json::parseOwn(templateFlow.document);
  value older = json::parseOwn(instance.document);
  const IdMap ids = idsInInstance(newer.at("flow"), older.get_object(), random);
  const IdMap flowIds{{templateFlow.flowId, instance.flowId}};
  object fields;
  value flow = rewriteFlow(newer.at("flow"), ids, flowIds);
  if (const value* wizard = json::find(newer, "wizard"); wizard != nullptr) {
    value form = rewriteTexts(*wizard, ids, flowIds);
    keepAnswers(form, older.at("flow"), flow);
    fields["wizard"] = std::move(form);
  }
  fields["flow"] = std::move(flow);
  object map;
  for (const auto& [from, to] : ids) {
    map[from] = to;
  }
  fields["componentIdMap"] = std::move(map);
  if (const value* revision = json::find(newer, "revision")) {
    fields["revision"] = *revision;
  }
  return fields;
}

}  // namespace patchbay::flows
