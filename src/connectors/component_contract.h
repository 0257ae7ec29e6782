// What flows may rely on of a component: its ports, fields, account, trigger and quota, taken from
// its manifest. Two of them make a diff (contract_diff.h).
//
// Threads: plain values, free functions. Source of the format: docs/formats/bundle.md §3.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace patchbay::connectors {

// A field that flows fill: of an in port, or a property.
struct InputField {
  std::string label;
  std::set<std::string> types;  // of JSON Schema; empty = any
  std::string control;          // the inspector's type: "select"
  bool required = false;
  std::optional<std::string> defaultValue;          // JSON
  std::optional<std::set<std::string>> values;      // JSON of each value allowed; nothing = any
  std::map<std::string, boost::json::value> rules;  // keyword → value: pattern, minLength, …
  std::string inner;   // JSON Schema of what is inside an object or array, without words for people
  std::string source;  // JSON of the static call that fills its choices
};
using InputFields = std::map<std::string, InputField>;

struct InPort {
  InputFields fields;
  std::string source;  // the whole form comes from this static call
};

// A value that later components may map.
struct OutputField {
  std::string label;
  std::set<std::string> types;
};

struct OutPort {
  std::map<std::string, OutputField> fields;  // by path in the payload
  bool dynamic = false;                       // a static call lists more, or all
};

struct ComponentContract {
  std::string name, label;
  bool isPrivate = false;
  InputFields properties;
  std::map<std::string, InPort> inPorts;
  std::map<std::string, OutPort> outPorts;
  std::string authService;
  std::set<std::string> scopes;
  std::string quota;    // JSON
  std::string trigger;  // how it is triggered: "tick", "webhook", "tick, webhook", "start"; empty =
                        // by messages
};

// Lenient as readComponentManifest is: what is not understood is left out.
ComponentContract contractOf(const boost::json::value& manifest);

}  // namespace patchbay::connectors
