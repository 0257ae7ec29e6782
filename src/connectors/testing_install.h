// Stages an archive and makes it current at once, as an operation does without flows.
#pragma once

#include "base/json.h"
#include "connectors/stager.h"

namespace patchbay::connectors {

// {bundles, warnings} or {err, data}: what an uploader's ticket says.
inline json::object installArchive(Registry& registry, InstalledBundles& bundles,
                                   RevisionMaker& maker, const Archive& archive) {
  const auto failed = [](const base::Error& error) {
    return json::object{{"finished", "now"}, {"err", error.message}, {"data", error.data}};
  };
  if (auto checked = Stager::check(archive); !checked) {
    return failed(checked.error());
  }
  Stager stager(registry, maker);
  const StagingFolder staging(bundles.stagingFolder("test"));
  const auto layout = stager.unpack(archive, staging.path());
  if (!layout) {
    return failed(layout.error());
  }
  auto staged = stager.stage(*layout, archive.replaceAll, staging.path(), [](std::string_view) {});
  if (!staged) {
    return failed(staged.error());
  }
  json::array names;
  for (const auto& [name, version] : staged->bundles) {
    names.push_back(json::object{{"name", name}, {"version", version}});
  }
  if (auto active = bundles.activate(std::move(staged->activation)); !active) {
    return failed(active.error());
  }
  json::object answer{{"finished", "now"}, {"bundles", std::move(names)}};
  if (!staged->warnings.empty()) {
    answer["warnings"] = json::toArray(staged->warnings);
  }
  return answer;
}

}  // namespace patchbay::connectors
