// An installed bundle, read-only: what its manifests say and what loading its code showed (R11,
// R12).
//
// Source of the format: docs/formats/bundle.md. Immutable once built; shared over threads.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/runtime.h"

namespace patchbay::connectors {

struct Component {
  std::string name;     // vendor.service.module.Component, from the manifest
  std::string dir;      // folder below the revision's root
  std::string version;  // default "1.0.0"
  std::string label;
  std::string service;        // vendor:service, the space of service state and locks
  std::string authService;    // vendor:service[:module] of its account; empty = none
  std::string configService;  // whose configuration it gets: authConfig, config, authService, else
                              // its module's or service's
  std::vector<std::string> inPorts, outPorts;  // names, in the manifest's order
  std::map<std::string, int> maxConnections;   // in port → limit
  bool isPrivate = false;
  bool tick = false;
  bool webhook = false;
  bool persistentState = false;
  // Methods its code exports, as the probation load saw them; true while unknown.
  bool hasStart = true, hasStop = true, hasTick = true, hasSignal = true;
  bool usesScope = true;          // false: no code it may run mentions the scope of a message
  std::int64_t tickPeriodMs = 0;  // 0 = TICK_PERIOD
  std::string loadError;          // empty = it loads
  boost::json::value manifest;    // as shipped

  void setMethods(const std::vector<std::string>& exported);
  std::vector<std::string> methods() const;  // of start, stop, tick, signal
  bool isTrigger() const { return inPorts.empty(); }  // R15
  bool hasInPort(std::string_view port) const;
  bool hasOutPort(std::string_view port) const;  // "error" is one of every component
};

struct AuthModule {
  std::string service;  // vendor:service[:module]
  std::string dir;
  std::string type;           // apiKey, pwd, oauth2, oauth
  boost::json::value fields;  // form: {name: {type, name, tooltip, required?}}
  std::string loadError;
};

struct App {  // a service or module as users see it (rest-api §7.1)
  std::string name, label, category, description, icon;
  boost::json::value manifest;
};

struct Revision {
  std::string id, bundle, version;
  std::filesystem::path root;
  std::vector<Component> components;
  std::vector<AuthModule> auths;
  std::vector<App> apps;
  boost::json::value bundleManifest;             // bundle.json
  boost::json::value quotas;                     // {name: {rules:[…]}}
  bool usesState = true, usesDescriptor = true;  // false: no file of it mentions them
  std::vector<std::string>
      installed;  // folders below root whose node_modules npm made; all else was published
  std::int64_t installedAt = 0;  // ms
  std::shared_ptr<const runtime::WorkerSpec> worker;

  const Component* find(std::string_view type) const;
};

}  // namespace patchbay::connectors
