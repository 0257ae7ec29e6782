#include "flows/variables.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "flows/detail/ancestors.h"
#include "flows/source_call.h"

namespace patchbay::flows {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kFlowVariables = {{
    {"g_flowId", "Flow ID"},
    {"g_flowName", "Flow Name"},
    {"g_random", "Random Number"},
    {"g_pi", "Pi"},
    {"g_uuid4", "UUID"},
    {"g_timestamp", "Timestamp"},
    {"g_now", "Now"},
    {"g_userId", "User ID"},
    {"g_webhookUrl", "Webhook URL"},
    {"g_customFields", "Custom Fields"},
}};

array flowVariables() {
  array list;
  for (const auto& [name, label] : kFlowVariables) {
    list.push_back(object{{"label", label}, {"category", array{"Control"}}, {"name", name}});
  }
  return list;
}

// Entries of one component's out ports, and what is to be said of ports that list none.
struct Offered {
  array entries;
  array errors;
};

object entry(const Node& node, std::string_view port, std::string_view path, value label,
             const value* schema) {
  std::string variable = "{{{$." + node.id + "." + std::string(port);
  variable += path.empty() ? "" : "." + std::string(path);
  return object{
      {"componentId", node.id},    {"port", port},
      {"label", std::move(label)}, {"value", variable + "}}}"},
      {"hardwired", true},         {"schema", schema == nullptr ? value(object()) : *schema}};
}

void addOptions(const Node& node, std::string_view port, const array& options, Offered& offered) {
  for (const value& option : options) {
    const value* path = json::find(option, "value");
    if (path == nullptr || !path->is_string()) {
      continue;
    }
    const value* label = json::find(option, "label");
    offered.entries.push_back(entry(node, port, path->get_string(),
                                    label == nullptr ? *path : *label,
                                    json::find(option, "schema")));
  }
}

void addSchema(const Node& node, std::string_view port, const value& schema, Offered& offered) {
  if (const value* properties = json::find(schema, "properties");
      properties != nullptr && properties->is_object()) {
    for (const auto& [name, member] : properties->get_object()) {
      const value* title = json::find(member, "title");
      offered.entries.push_back(
          entry(node, port, name, title == nullptr ? value(name) : *title, &member));
    }
  }
}

const value* listOf(const object& manifest) {
  const value* options = json::find(manifest, "options");
  return options != nullptr && options->is_array() && !options->get_array().empty()
             ? options
             : json::find(manifest, "schema");
}

void sayWhy(const Node& node, std::string_view port, const value& source, const base::Error* error,
            Offered& offered) {
  const value* url = json::find(source, "url");
  offered.errors.push_back(object{
      {"componentId", node.id},
      {"port", port},
      {"url", url == nullptr ? value(nullptr) : *url},
      {"message", error == nullptr ? "The fields of this port come from a call that was not made."
                                   : error->message}});
}

// Options or a schema, from the manifest or as they were fetched.
void addPort(const Node& node, std::string_view port, const object& manifest,
             const FetchedFields& fetched, Offered& offered) {
  const value* fields = listOf(manifest);
  if (const value* source = json::find(manifest, "source"); source != nullptr) {
    const auto found = fetched.find({node.id, std::string(port)});
    if (found != fetched.end() && found->second) {
      fields = &*found->second;
    } else {
      sayWhy(node, port, *source, found == fetched.end() ? nullptr : &found->second.error(),
             offered);
    }
  }
  const bool isSchema = fields != nullptr && fields->is_object();
  if (fields != nullptr && fields->is_array()) {
    addOptions(node, port, fields->get_array(), offered);
  } else if (isSchema) {
    addSchema(node, port, *fields, offered);
  }
  offered.entries.push_back(
      entry(node, port, "", "Raw Output", isSchema ? fields : json::find(manifest, "schema")));
}

Offered offeredBy(const Node& node, const connectors::Registry& registry,
                  const FetchedFields& fetched) {
  Offered offered;
  const connectors::Found found = registry.find(node.type);
  if (!found) {
    offered.errors.push_back(object{{"componentId", node.id},
                                    {"message", "Component " + node.type + " is not installed."}});
    return offered;
  }
  const value* ports = json::find(found.component->manifest, "outPorts");
  if (ports == nullptr || !ports->is_array()) {
    return offered;
  }
  for (const value& port : ports->get_array()) {
    if (port.is_string()) {
      addPort(node, port.get_string(), object(), fetched, offered);
    } else if (port.is_object()) {
      addPort(node, json::getString(port.get_object(), "name"), port.get_object(), fetched,
              offered);
    }
  }
  return offered;
}

// What the port `error` carries, for a link that comes from it.
array errorVariables(const Node& node) {
  array list;
  for (const std::string_view path : {"error.message", "error.code", "error.name", "input"}) {
    list.push_back(entry(node, kErrorPortName, path, value(path), nullptr));
  }
  list.push_back(entry(node, kErrorPortName, "", "Raw Output", nullptr));
  return list;
}

// A member of a port's or the properties' manifest, as an object.
value objectOr(const value* document, std::string_view name) {
  const value* member = document == nullptr ? nullptr : json::find(*document, name);
  return member != nullptr && member->is_object() ? *member : value(object());
}

const value* portNamed(const value& manifest, std::string_view name) {
  const value* ports = json::find(manifest, "inPorts");
  if (ports != nullptr && ports->is_array()) {
    for (const value& port : ports->get_array()) {
      if (port.is_object() && json::getString(port.get_object(), "name") == name) {
        return &port;
      }
    }
  }
  return nullptr;
}

// A form as clients see it, with what was fetched for it.
struct Form {
  value inspector;
  object lists;  // field → its choices
  array errors;
};

// The answer for a place; nothing when no call was made, or when it failed, which is told.
const value* answerAt(const Node& node, const std::string& place, std::string_view field,
                      const value& holder, const FetchedFields& fetched, Form& form) {
  const auto found = fetched.find({node.id, place});
  if (found == fetched.end()) {
    return nullptr;
  }
  if (found->second) {
    return &*found->second;
  }
  const value* source = json::find(holder, "source");
  const value* url = source == nullptr ? nullptr : json::find(*source, "url");
  object error{{"componentId", node.id},
               {"url", url == nullptr ? value(nullptr) : *url},
               {"message", found->second.error().message}};
  if (!field.empty()) {
    error["field"] = field;
  }
  form.errors.emplace_back(std::move(error));
  return nullptr;
}

// `manifest`: of the port or the properties; null: it has none.
Form formOf(const Node& node, std::string_view inPort, const value* manifest,
            const FetchedFields& fetched) {
  Form form{objectOr(manifest, "inspector"), {}, {}};
  if (manifest == nullptr) {
    return form;
  }
  if (const value* inputs = json::find(form.inspector, "inputs");
      inputs != nullptr && inputs->is_object()) {
    for (const auto& [name, input] : inputs->get_object()) {
      const value* list =
          answerAt(node, formPlace(inPort, name), name, input, fetched, form);
      if (list != nullptr && list->is_array()) {
        form.lists[name] = *list;
      }
    }
  }
  const value* whole = answerAt(node, formPlace(inPort), {}, *manifest, fetched, form);
  if (whole != nullptr && whole->is_object()) {
    form.inspector = *whole;
  }
  return form;
}

class Collector {
 public:
  Collector(const Descriptor& flow, const connectors::Registry& registry,
            const VariablesAsked& asked, const FetchedFields& fetched)
      : flow_(flow), registry_(registry), asked_(asked), fetched_(fetched), ancestors_(flow) {}

  base::Result<object> collect() {
    object components;
    for (const Node& node : flow_.nodes()) {
      if (asked_.componentIds.empty() || asked_.componentIds.contains(node.id)) {
        components[node.id] = ofComponent(node);
      }
      if (count_ > kMostVariables) {
        return base::fail(
            base::Code::kTooLarge,
            "There are more than 200,000 variables: name fewer components in \"components.IDs\".");
      }
    }
    object answer{{"components", std::move(components)}};
    if (asked_.compress) {
      answer["dynamicComponentVariables"] = std::move(all_);
    }
    if (asked_.flow) {
      answer["flow"] = flowVariables();
    }
    return answer;
  }

 private:
  object ofComponent(const Node& node) {
    object wire;
    const connectors::Found found = registry_.find(node.type);
    const value* manifest = found ? &found.component->manifest : nullptr;
    if (asked_.links) {
      object links;
      for (const Link& link : node.incoming) {
        if (flow_.find(link.source) != nullptr && count_ <= kMostVariables) {
          const value* port = manifest == nullptr ? nullptr : portNamed(*manifest, link.inPort);
          Form form = counted(formOf(node, link.inPort, port, fetched_));
          objectAt(objectAt(links, link.inPort), link.source)[link.outPort] =
              object{{"inspector", std::move(form.inspector)}, {"variables", ofLink(link, form)}};
        }
      }
      wire["links"] = std::move(links);
    }
    if (asked_.properties) {
      const value* properties = manifest == nullptr ? nullptr : json::find(*manifest, "properties");
      Form form = counted(formOf(node, {}, properties, fetched_));
      object& inspector = form.inspector.get_object();
      inspector.emplace("inputs", object());
      inspector.emplace("groups", object());
      inspector.emplace("errors", object{{"inputs", array()}});
      object variables{{"static", std::move(form.lists)}};
      if (!form.errors.empty()) {
        variables["errors"] = std::move(form.errors);
      }
      wire["properties"] = object{{"inspector", std::move(form.inspector)},
                                  {"variables", std::move(variables)},
                                  {"schema", objectOr(properties, "schema")}};
    }
    return wire;
  }

  static object& objectAt(object& parent, std::string_view name) {
    value& member = parent[name];
    return member.is_object() ? member.get_object() : member.emplace_object();
  }

  // The component that sends, then those before it, in the order of the flow.
  object ofLink(const Link& link, Form& form) {
    const Node& sender = *flow_.find(link.source);
    array list;
    array errors = std::move(form.errors);
    add(offered(sender), list, errors);
    if (link.outPort == kErrorPortName) {
      add(errorPortOf(sender), list, errors);
    }
    const auto& before = ancestors_.upTo(sender);
    for (const Node& node : flow_.nodes()) {
      if (&node != &sender && before.contains(node.id)) {
        add(offered(node), list, errors);
      }
    }
    object variables{{"static", std::move(form.lists)}};
    variables[asked_.compress ? "refs" : "dynamic"] = std::move(list);
    if (!errors.empty()) {
      variables["errors"] = std::move(errors);
    }
    return variables;
  }

  Form counted(Form form) {
    for (const auto& [field, list] : form.lists) {
      count_ += list.get_array().size();
    }
    return form;
  }

  void add(const Offered& from, array& list, array& errors) {
    count_ += from.entries.size() + from.errors.size();
    if (count_ <= kMostVariables) {
      list.insert(list.end(), from.entries.begin(), from.entries.end());
      errors.insert(errors.end(), from.errors.begin(), from.errors.end());
    }
  }

  const Offered& offered(const Node& node) {
    const auto [place, fresh] = offered_.try_emplace(&node);
    if (fresh) {
      place->second = kept(offeredBy(node, registry_, fetched_));
    }
    return place->second;
  }

  const Offered& errorPortOf(const Node& node) {
    const auto [place, fresh] = errorPorts_.try_emplace(&node);
    if (fresh) {
      place->second = kept({errorVariables(node), {}});
    }
    return place->second;
  }

  // With compress the entries stand in one list, and what is kept of them is where.
  Offered kept(Offered offered) {
    if (!asked_.compress) {
      return offered;
    }
    array places;
    for (value& one : offered.entries) {
      places.emplace_back(all_.size());
      all_.push_back(std::move(one));
    }
    return {std::move(places), std::move(offered.errors)};
  }

  const Descriptor& flow_;
  const connectors::Registry& registry_;
  const VariablesAsked& asked_;
  const FetchedFields& fetched_;
  detail::Ancestors ancestors_;
  std::map<const Node*, Offered> offered_, errorPorts_;
  array all_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<const Node*> askedNodes(const Descriptor& flow, const VariablesAsked& asked) {
  std::vector<const Node*> nodes;
  for (const Node& node : flow.nodes()) {
    if (asked.componentIds.empty() || asked.componentIds.contains(node.id)) {
      nodes.push_back(&node);
    }
  }
  return nodes;
}

std::vector<const Node*> sendersFor(const Descriptor& flow, const VariablesAsked& asked) {
  detail::Ancestors ancestors(flow);
  std::set<std::string_view> ids;
  for (const Node& node : flow.nodes()) {
    if (asked.componentIds.empty() || asked.componentIds.contains(node.id)) {
      for (const Link& link : node.incoming) {
        if (const Node* sender = flow.find(link.source);
            sender != nullptr && !ids.contains(sender->id)) {
          const auto& before = ancestors.upTo(*sender);
          ids.insert(before.begin(), before.end());
        }
      }
    }
  }
  std::vector<const Node*> senders;
  for (const Node& node : flow.nodes()) {
    if (ids.contains(node.id)) {
      senders.push_back(&node);
    }
  }
  return senders;
}

base::Result<object> variablesOf(const Descriptor& flow, const connectors::Registry& registry,
                                 const VariablesAsked& asked, const FetchedFields& fetched) {
  return Collector(flow, registry, asked, fetched).collect();
}

}  // namespace patchbay::flows
