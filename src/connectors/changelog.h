// The changelog of a bundle.json as lists of entries, whatever shape its author gave it.
//
// Threads: free functions.
// Source of the format: docs/formats/bundle.md §3: an object version → text or texts, or one list.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "connectors/semver.h"

namespace patchbay::connectors {

struct ChangelogRange {
  std::optional<Version> above;  // exclusive; nothing: from the beginning
  std::optional<Version> upTo;   // inclusive; nothing: to the end
};

// [{version, breaking, changes: [{text, breaking}]}], newest first. A list without versions counts
// as the entry of `version`. `breaking` of a change: its text says so, and the mark in front is cut
// off; of an entry: one of its changes is, or its major is above that of the entry before it.
boost::json::array changelogEntries(const boost::json::value& changelog, const Version& version,
                                    const ChangelogRange& range);

}  // namespace patchbay::connectors
