// The contract of a whole bundle, read from a zip or a folder without installing it: for diffs
// offline, and of what a catalogue offers.
//
// Threads: free functions; they read files and block. Errors: kNotFound, kBundleRefused (no zip, no
// bundle in it, several, a manifest that cannot be read), kTooLarge. Nothing is written. Source of
// the format: docs/formats/bundle.md §1-3.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/contract_diff.h"
#include "connectors/semver.h"

namespace patchbay::connectors {

struct BundleContract {
  std::string name;
  Version version;
  boost::json::value changelog;
  Contracts components;
};

base::Result<BundleContract> readBundleContract(const std::filesystem::path& zipOrFolder);

// Majors differ, or an entry of the newer changelog above `from` and up to `to` speaks of a
// breaking change (R21).
bool isDeclaredBreaking(const Version& from, const Version& to,
                        const boost::json::value& changelog);

// Does a text of a changelog speak of a breaking change, in whatever spelling?
bool speaksOfBreaking(std::string_view text);

}  // namespace patchbay::connectors
