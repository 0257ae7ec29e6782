// A `source` of a manifest (connector-format §9): the static call that tells the fields of a port,
// resolved against the component that has it.
//
// Pure; safe from any thread. Value references: "inputs/<port>/<field>" is what stands in the
// transform of a link into that port, "properties/<field>" a property; everything else is meant as
// it is. A reference to nothing leaves its key out.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/registry.h"
#include "flows/descriptor.h"

namespace patchbay::flows {

struct SourceCall {
  std::string componentId, port;  // whose fields: of an out port, or a place of its forms
  std::string type, outPort;      // what is called
  std::string properties;         // JSON object
  std::string messages;           // JSON object: path below the in ports → content
  std::string transform;          // "./file#function", "" = none
};

// Nothing: its form is not known, or a value that it needs is a variable, which only a message can
// fill.
std::optional<SourceCall> sourceCall(const Node& node, std::string_view port,
                                     const boost::json::value& source);

// Of the out ports of these components. Bounded: kMostSources.
inline constexpr std::size_t kMostSources = 200;
std::vector<SourceCall> outPortSources(const std::vector<const Node*>& nodes,
                                       const connectors::Registry& registry);


// A place of a component's forms: of an in port or (empty) of the properties, the whole form or one
// field of it. "/in/<port>[/<field>]", "/properties[/<field>]": no out port is called so.
std::string formPlace(std::string_view inPort, std::string_view field = {});

// Of the forms of these components: whole ones, and fields that stand in the manifest; of in ports
// that have a link, of properties, or both. What an answer names in turn is not followed.
struct FormsAsked {
  bool inPorts = true, properties = true;
};
std::vector<SourceCall> formSources(const std::vector<const Node*>& nodes,
                                    const connectors::Registry& registry, FormsAsked asked);

}  // namespace patchbay::flows
