// How a bundle is shown in lists: the app it is, and its components in a line each.
//
// Threads: free functions; appOfBundle may read one file.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "connectors/revision.h"

namespace patchbay::connectors {

// The app named as the bundle, else the one of its service (`serviceManifest` is read when no app
// is it), else the first, else a plain one.
App appOfBundle(const std::string& bundle, const std::vector<App>& apps,
                const std::filesystem::path& serviceManifest);
// {name, label, description, kind, private?}; kind: "trigger" or "action" (R15).
boost::json::object componentSummary(const Component& component);

std::string vendorOf(std::string_view bundle);   // "acme"
std::string serviceOf(std::string_view bundle);  // "acme.office", also of acme.office.mail

}  // namespace patchbay::connectors
