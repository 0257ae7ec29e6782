#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>

namespace patchbay::base {

void initLog(LogForm form, std::string_view level) {
  auto logger = spdlog::stderr_logger_mt("patchbay");
  logger->set_level(spdlog::level::from_str(std::string(level)));
  logger->set_pattern(form == LogForm::kJson
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e","level":"%l","message":"%v"})"
                          : "%Y-%m-%d %H:%M:%S.%e %l %v");
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace patchbay::base
