#include "app/options.h"

#include <CLI/CLI.hpp>

#include "app/version.h"

namespace patchbay::app {

namespace {

void addServe(CLI::App& serve, Options& options) {
  serve.add_option("--data", options.data, "Data folder; everything the server keeps is in it")->capture_default_str();
  serve.add_option("--port", options.port, "Port to listen on")->capture_default_str();
  serve.add_option("--address", options.address, "Address to listen on; 0.0.0.0 opens the server to the network")->capture_default_str();
  serve.add_option("--public-url", options.publicUrl, "How others reach this server: webhook URLs begin with it")->envname("PATCHBAY_PUBLIC_URL");
  serve.add_option("--node", options.node, "Node binary, version 22 or newer")->envname("PATCHBAY_NODE");
  serve.add_option("--backoffice", options.backoffice, "Folder of another build of the Backoffice than the one beside the binary")
      ->envname("PATCHBAY_BACKOFFICE");
  serve.add_option("--sandbox", options.sandbox, "How workers are shut in")
      ->check(CLI::IsMember({"auto", "off", "require"}))
      ->envname("PATCHBAY_SANDBOX")
      ->capture_default_str();
  serve.add_option("--log-level", options.logLevel, "Server log")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
      ->envname("PATCHBAY_LOG_LEVEL")
      ->capture_default_str();
  serve.add_flag("--json-log", options.jsonLog, "One JSON object a line on standard error");
  serve.add_flag("--empty", options.empty, "Do not offer the starter catalogue");
  serve.add_option("--workers-per-connector", options.workersPerConnector, "Worker processes of one connector version at most")
      ->check(CLI::Range(1, 64))
      ->envname("PATCHBAY_WORKERS_PER_CONNECTOR")
      ->capture_default_str();
  serve.add_option("--max-workers", options.maxWorkers, "Worker processes in all")->check(CLI::Range(2, 4096))->capture_default_str();
}

CLI::App& addConnectorDiff(CLI::App& app, DiffOrder& order) {
  CLI::App* connector = app.add_subcommand("connector", "Work on connector bundles, without a server");
  connector->require_subcommand(1);
  CLI::App* diff = connector->add_subcommand("diff", "What changed between two bundles, as flows see it. Exit code 10: something breaks flows");
  diff->add_option("OLD", order.before, "Zip or folder of the older bundle")->required();
  diff->add_option("NEW", order.after, "Zip or folder of the newer bundle")->required();
  diff->add_flag("--json", order.json, "One JSON document instead of text");
  return *diff;
}

CLI::App& addCatalogueBuild(CLI::App& app, CatalogueBuildOrder& order) {
  CLI::App* catalogue = app.add_subcommand("catalogue", "Work on catalogue folders, without a server");
  catalogue->require_subcommand(1);
  CLI::App* build = catalogue->add_subcommand("build", "Pack a tree of connectors into a catalogue folder. Exit code 10: some bundles were left out");
  build->add_option("--from", order.from, "Source tree; every folder with a bundle.json is packed")->required();
  build->add_option("--out", order.out, "Catalogue folder; versions that stand in it already stay")->required();
  build->add_flag("--strict", order.strict, "Leave a bundle out that has a warning");
  build->add_flag("--json", order.json, "One JSON document instead of text");
  return *build;
}

CLI::App& addBackup(CLI::App& app, BackupOrder& order) {
  CLI::App* backup = app.add_subcommand("backup", "Copy a data folder, also while its server runs. Exit code 10: something was left out");
  backup->add_option("--data", order.data, "Data folder")->capture_default_str();
  backup->add_option("--to", order.to, "Folder to be made; a server can be started on it")->required();
  backup->add_flag("--without-logs", order.withoutLogs, "Leave the flows' logs out");
  backup->add_flag("--json", order.json, "One JSON document instead of text");
  return *backup;
}

std::string fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Parsed parse(int argc, char** argv) {
  Parsed parsed;
  CLI::App app("Patchbay: connectors, flows, and a server that runs them", "patchbay");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  CLI::App* serve = app.add_subcommand("serve", "Run the server");
  addServe(*serve, parsed.options);
  DiffOrder order;
  const CLI::App& diff = addConnectorDiff(app, order);
  CatalogueBuildOrder catalogue;
  const CLI::App& build = addCatalogueBuild(app, catalogue);
  BackupOrder copy;
  const CLI::App& backup = addBackup(app, copy);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& mistake) {
    parsed.exitCode = app.exit(mistake);
    return parsed;
  }
  if (diff.parsed()) {
    parsed.diff = std::move(order);
  }
  if (build.parsed()) {
    parsed.catalogue = std::move(catalogue);
  }
  if (backup.parsed()) {
    parsed.backup = std::move(copy);
  }
  parsed.options.adminEmail = fromEnvironment("PATCHBAY_ADMIN_EMAIL");
  parsed.options.adminPassword = fromEnvironment("PATCHBAY_ADMIN_PASSWORD");
  parsed.options.secretKey = fromEnvironment("PATCHBAY_SECRET_KEY");
  return parsed;
}

}  // namespace patchbay::app
