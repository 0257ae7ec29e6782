// What component.json, module.json, service.json and bundle.json say, read leniently: what other
// tools tolerate is a warning here, only what nobody can work with is refused.
//
// Threads: free functions, safe from any thread.
// Errors: a refused manifest is a list of Faults in the shape of rest-api §7.5.
// Source of the format: docs/formats/bundle.md §3.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "connectors/revision.h"
#include "connectors/semver.h"

namespace patchbay::connectors {

inline constexpr std::size_t kMaxManifestBytes = 4ULL << 20;

// One line of a refusal: where in which document, and what. On the wire {dataPath, message, …}.
struct Fault {
  std::string dataPath;  // ".inPorts[0].name"; empty = the document
  std::string message;
  std::string keyword;          // "required", "type", "pattern"; empty = none
  std::string missingProperty;  // of "required"
  boost::json::object toJson() const;
};

// What came of reading one manifest. `faults` empty = it may be installed.
struct Verdict {
  std::vector<Fault> faults;
  std::vector<std::string> warnings;
  bool isFine() const { return faults.empty(); }
};

struct ComponentManifest : Verdict {
  Component component;  // `dir` and `loadError` are not the manifest's
};

struct AppManifest : Verdict {  // service.json, module.json
  App app;
  bool isPrivate = false;
};

struct BundleManifest : Verdict {
  std::string name;
  Version version;
  std::string engine;  // empty = any
  boost::json::value document;
  bool fitsEngine(std::string_view engineVersion) const;
};

ComponentManifest readComponentManifest(std::string_view text);
AppManifest readServiceManifest(std::string_view text);
AppManifest readModuleManifest(std::string_view text);
BundleManifest readBundleManifest(std::string_view text);

// The component as its manifest describes it, for one that was read before (a stored revision).
Component describeComponent(const boost::json::value& manifest);
App describeApp(const boost::json::value& manifest);

// Dotted names: "a.b" → {a, b}; each part \w+, at most 100 bytes. Empty when it is none.
std::vector<std::string> nameParts(std::string_view dotted);

}  // namespace patchbay::connectors
