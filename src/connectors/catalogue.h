// What a catalogue folder offers: index.json and the zips beside it (R20). Reading only; installing
// comes later.
//
// Threads: free functions.
// Source of the format: docs/formats/catalogue.md.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace patchbay::connectors {

struct Offer {
  std::string name, version, label, category, description, engine;
  std::string icon;  // data URL as the manifest has it; empty = none
  boost::json::value changelog;
  boost::json::array components;  // {name, label, description, kind, private?}
  std::filesystem::path file;     // the zip
  std::string sha256;
  std::uint64_t size = 0;
  bool fitsEngine = true;  // its engine range takes this server
};

struct Catalogue {
  std::vector<Offer> offers;          // by name, newest version first
  std::vector<std::string> warnings;  // rows that were left out, and why
};

// kNotFound: no index.json there; kInvalid: it cannot be read.
base::Result<Catalogue> readCatalogue(const std::filesystem::path& folder);
// The zip's bytes, checked against size and hash. kInvalid when they differ.
base::Result<std::string> readOffer(const Offer& offer);

}  // namespace patchbay::connectors
