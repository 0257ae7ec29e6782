#include "flows/patient_commands.h"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>

#include "base/random.h"
#include "store/sqlite/sqlite_store.h"

namespace patchbay::flows {
namespace {

// Answers stops as told beforehand; the last answer stays.
class ScriptedCoordinator final : public Coordinator {
 public:
  struct Answer {
    base::Status status;
    std::string last;  // what status() says after it
  };
  explicit ScriptedCoordinator(std::deque<Answer> answers) : answers_(std::move(answers)) {}

  void stop(const std::string&, StopReason, InProgressData, Told told) override {
    ++stops;
    now_ = answers_.front();
    if (answers_.size() > 1) {
      answers_.pop_front();
    }
    told(now_.status);
  }
  std::optional<CommandStatus> status(const std::string&) override {
    return CommandStatus{now_.last, 0, 1, ""};
  }
  void start(const std::string&, const access::Caller&, Told) override {}
  void restartChanged(const std::string&, InProgressData, Told) override {}
  void inject(Injection, Told) override {}
  void dropFlow(const std::string&, Told) override {}

  int stops = 0;

 private:
  std::deque<Answer> answers_;
  Answer now_;
};

base::Status conflict() {
  return base::fail(base::Code::kConflict, "Another command of flow f is in progress.");
}

class PatientCommandsTest : public ::testing::Test {
 protected:
  PatientCommandsTest() {
    folder_ =
        std::filesystem::temp_directory_path() / ("patient-commands-" + base::newUuid(random_));
    store::SqliteOptions options;
    options.folder = folder_;
    auto opened = store::openSqlite(options);
    EXPECT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    thread_ = std::make_unique<store::OperationThread>(*store_, std::vector<std::string_view>{"k"},
                                                       [](const store::OperationRecord&) {});
  }
  ~PatientCommandsTest() override {
    thread_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  base::Status stop(ScriptedCoordinator& coordinator) {
    return PatientCommands(coordinator, *thread_).obeyed("f", [&](Coordinator::Told told) {
      coordinator.stop("f", StopReason::kAdmin, InProgressData::kDefault, std::move(told));
    });
  }

  base::SystemRandom random_;
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::OperationThread> thread_;
};

TEST_F(PatientCommandsTest, S64_AnotherCommandThatIsInProgressIsWaitedFor) {
  ScriptedCoordinator coordinator({{conflict(), "in-progress"},
                                   {conflict(), "in-progress"},
                                   {conflict(), "in-progress"},
                                   {conflict(), "in-progress"},
                                   {conflict(), "in-progress"},
                                   {{}, "completed"}});
  EXPECT_TRUE(stop(coordinator));
  EXPECT_EQ(coordinator.stops, 6);
}

TEST_F(PatientCommandsTest, S64_ACommandThatEndedJustBeforeItWasLookedAtIsNoReasonToGiveUp) {
  ScriptedCoordinator coordinator({{conflict(), "completed"}, {{}, "completed"}});
  EXPECT_TRUE(stop(coordinator));
  EXPECT_EQ(coordinator.stops, 2);
}

TEST_F(PatientCommandsTest, AConflictWithNobodyIsToldInTheEnd) {
  ScriptedCoordinator coordinator({{conflict(), "completed"}});
  const base::Status status = stop(coordinator);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::Code::kConflict);
  EXPECT_EQ(coordinator.stops, 4);
}

TEST_F(PatientCommandsTest, OtherErrorsAreToldAtOnce) {
  ScriptedCoordinator coordinator({{base::fail(base::Code::kNotFound, "no flow"), "completed"}});
  EXPECT_FALSE(stop(coordinator));
  EXPECT_EQ(coordinator.stops, 1);
}

TEST_F(PatientCommandsTest, TheEndOfTheServerEndsTheWait) {
  ScriptedCoordinator coordinator({{conflict(), "in-progress"}});
  thread_->end();
  const base::Status status = stop(coordinator);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::Code::kUnavailable);
}

}  // namespace
}  // namespace patchbay::flows
