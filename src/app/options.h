// What the verbs of `patchbay` can be told, by option or environment (option wins).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/backup.h"
#include "app/catalogue_build.h"
#include "app/connector_diff.h"

namespace patchbay::app {

struct Options {
  std::filesystem::path data = "data";
  std::string address = "127.0.0.1";
  std::uint16_t port = 8420;
  std::string publicUrl;        // --public-url, PATCHBAY_PUBLIC_URL; empty = the bind address (R32)
  std::string node;             // --node, PATCHBAY_NODE
  std::string backoffice;       // --backoffice, PATCHBAY_BACKOFFICE; empty = the one beside the binary
  std::string sandbox = "auto"; // auto, off, require
  std::string logLevel = "info";
  bool jsonLog = false;
  bool empty = false;           // do not offer the starter catalogue
  std::size_t workersPerConnector = 1;
  std::size_t maxWorkers = 64;
  std::string adminEmail;       // PATCHBAY_ADMIN_EMAIL
  std::string adminPassword;    // PATCHBAY_ADMIN_PASSWORD
  std::string secretKey;        // PATCHBAY_SECRET_KEY
};

struct Parsed {
  Options options;                  // of serve
  std::optional<DiffOrder> diff;    // connector diff
  std::optional<CatalogueBuildOrder> catalogue;  // catalogue build
  std::optional<BackupOrder> backup;
  std::optional<int> exitCode;  // help, version or a mistake: end with it
};

Parsed parse(int argc, char** argv);

}  // namespace patchbay::app
