#include "insights/lucene.h"

#include <optional>

#include "insights/log_fields.h"

namespace patchbay::insights {

namespace {

constexpr std::size_t kMaxBytes = 8192;
constexpr int kMaxClauses = 200;
constexpr int kMaxDepth = 20;

// A word or phrase: `pattern` is for the SQL function wild(), which knows * ? and backslash.
struct Word {
  std::string text;     // without escapes
  std::string pattern;  // escaped, wildcards bare
  bool wild = false;
  bool quoted = false;
};

Condition nothing() { return {"0", {}}; }

Condition columnCondition(const LogField& field, const char* sql, Parameter value) {
  return {fieldSql(field, "", sql), {std::move(value)}};
}

base::Error invalidTime(std::string_view field, std::string_view text) {
  return base::fail(base::Code::kInvalid, "The log query compares " + std::string(field) + " with \"" +
                                              std::string(text.substr(0, 100)) + "\", which is not a time.");
}

base::Result<Condition> wordCondition(const LogField& field, const Word& word, std::int64_t now) {
  if (word.wild && word.text == "*" && !word.quoted) {
    return field.kind == FieldKind::kKeyword || field.kind == FieldKind::kText
               ? Condition{fieldSql(field, "", " <> ''"), {}}
               : Condition{};
  }
  switch (field.kind) {
    case FieldKind::kTime: {
      const auto from = timeOf(word.text, now);
      const auto to = timeOf(word.text, now, true);
      if (!from || !to) {
        return invalidTime(field.name, word.text);
      }
      return Condition{"time BETWEEN ? AND ?", {*from, *to}};
    }
    case FieldKind::kText: return Condition{"wild(?, msg)", {"*" + word.pattern + "*"}};
    case FieldKind::kId: return columnCondition(field, " = CAST(? AS INTEGER)", word.text);
    case FieldKind::kKeyword: break;
  }
  if (word.wild) {
    return Condition{fieldSql(field, "wild(?, ", ")"), {word.pattern}};
  }
  return columnCondition(field, " = ? COLLATE NOCASE", word.text);
}

base::Result<Condition> boundCondition(const LogField& field, const char* sql, const std::string& text,
                                       bool roundUp, std::int64_t now) {
  if (field.kind != FieldKind::kTime) {
    return columnCondition(field, sql, text);
  }
  const auto time = timeOf(text, now, roundUp);
  return time ? base::Result<Condition>(columnCondition(field, sql, *time))
              : base::Result<Condition>(invalidTime(field.name, text));
}

class Parser {
 public:
  Parser(std::string_view text, std::int64_t now) : text_(text), now_(now) {}

  base::Result<Condition> parse() {
    Condition condition = clauses("msg", 0);
    skipSpace();
    if (!failure_ && at_ < text_.size()) {
      fail("an unexpected \"" + std::string(1, text_[at_]) + "\"");
    }
    return failure_ ? base::Result<Condition>(*failure_) : base::Result<Condition>(std::move(condition));
  }

 private:
  enum class Role { kShould, kMust, kMustNot };
  enum class Joint { kNone, kAnd, kOr };
  struct Clause {
    Role role;
    Condition condition;
  };

  Condition clauses(std::string_view field, int depth);
  Role role();
  Joint joint();
  Condition clause(std::string_view field, int depth);
  Condition group(std::string_view field, int depth);
  Condition value(std::string_view field);
  Condition exists();
  Condition range(std::string_view field);
  Condition comparison(std::string_view field);
  std::string rangeBound();
  Word word();
  Word quoted();
  static Condition combine(std::vector<Clause> clauses);

  void skipSpace() {
    while (at_ < text_.size() && isSpace(text_[at_])) {
      ++at_;
    }
  }
  static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  bool peek(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!peek(c)) {
      return false;
    }
    ++at_;
    return true;
  }
  // An operator in capitals, as a whole word.
  bool takeWord(std::string_view operatorWord) {
    if (!text_.substr(at_).starts_with(operatorWord)) {
      return false;
    }
    const std::size_t end = at_ + operatorWord.size();
    if (end < text_.size() && !isSpace(text_[end]) && text_[end] != '(') {
      return false;
    }
    at_ = end;
    return true;
  }
  Condition fail(const std::string& what) {
    if (!failure_) {
      failure_ = base::fail(base::Code::kInvalid, "The log query is not understood: " + what + " at character " +
                                                      std::to_string(at_ + 1) + ".");
    }
    at_ = text_.size();
    return {};
  }
  Condition unwrap(base::Result<Condition> made) {
    if (!made) {
      failure_ = failure_ ? failure_ : made.error();
      return {};
    }
    return std::move(*made);
  }

  std::string_view text_;
  const std::int64_t now_;
  std::size_t at_ = 0;
  int count_ = 0;
  std::optional<base::Error> failure_;
};

Condition Parser::clauses(std::string_view field, int depth) {
  if (depth > kMaxDepth) {
    return fail("more than 20 levels of parentheses");
  }
  std::vector<Clause> made;
  while (true) {
    skipSpace();
    if (failure_ || at_ >= text_.size() || peek(')')) {
      break;
    }
    const Joint before = joint();
    skipSpace();
    if (before != Joint::kNone && (made.empty() || at_ >= text_.size() || peek(')'))) {
      return fail("an operator without something on both sides");
    }
    Role wanted = role();
    if (before == Joint::kAnd) {
      made.back().role = made.back().role == Role::kShould ? Role::kMust : made.back().role;
      wanted = wanted == Role::kShould ? Role::kMust : wanted;
    }
    if (++count_ > kMaxClauses) {
      return fail("more than 200 clauses");
    }
    made.push_back({wanted, clause(field, depth)});
  }
  return combine(std::move(made));
}

Parser::Joint Parser::joint() {
  if (takeWord("AND") || text_.substr(at_).starts_with("&&")) {
    at_ += text_.substr(at_).starts_with("&&") ? 2 : 0;
    return Joint::kAnd;
  }
  if (takeWord("OR") || text_.substr(at_).starts_with("||")) {
    at_ += text_.substr(at_).starts_with("||") ? 2 : 0;
    return Joint::kOr;
  }
  return Joint::kNone;
}

Parser::Role Parser::role() {
  if (takeWord("NOT") || take('!') || take('-')) {
    skipSpace();
    return Role::kMustNot;
  }
  return take('+') ? Role::kMust : Role::kShould;
}

Condition Parser::combine(std::vector<Clause> clauses) {
  std::optional<Condition> must, should, mustNot;
  const auto add = [](std::optional<Condition>& into, const char* joint, Condition condition) {
    into = into ? join(std::move(*into), joint, std::move(condition)) : std::move(condition);
  };
  for (Clause& clause : clauses) {
    switch (clause.role) {
      case Role::kMust: add(must, "AND", std::move(clause.condition)); break;
      case Role::kShould: add(should, "OR", std::move(clause.condition)); break;
      case Role::kMustNot: add(mustNot, "OR", std::move(clause.condition)); break;
    }
  }
  Condition whole = must ? std::move(*must) : should ? std::move(*should) : Condition{};
  return mustNot ? both(std::move(whole), !std::move(*mustNot)) : whole;
}

Condition Parser::clause(std::string_view field, int depth) {
  skipSpace();
  if (at_ >= text_.size() || joint() != Joint::kNone) {
    return fail("an operator without something on both sides");
  }
  if (peek('(')) {
    return group(field, depth);
  }
  if (peek('"') || peek('[') || peek('{') || peek('>') || peek('<')) {
    return value(field);
  }
  const std::size_t begun = at_;
  const Word name = word();
  if (failure_ || !peek(':')) {
    at_ = begun;
    return value(field);
  }
  ++at_;
  skipSpace();
  if (name.text == "_exists_") {
    return exists();
  }
  if (name.text == "*" && take('*')) {
    return {};
  }
  return peek('(') ? group(name.text, depth) : value(name.text);
}

Condition Parser::group(std::string_view field, int depth) {
  take('(');
  Condition inner = clauses(field, depth + 1);
  skipSpace();
  if (!failure_ && !take(')')) {
    return fail("a missing \")\"");
  }
  return inner;
}

Condition Parser::exists() {
  const Word name = word();
  const LogField* field = logField(name.text);
  if (failure_ || field == nullptr) {
    return nothing();
  }
  return field->kind == FieldKind::kTime || field->kind == FieldKind::kId
             ? Condition{}
             : Condition{fieldSql(*field, "", " <> ''"), {}};
}

Condition Parser::value(std::string_view field) {
  if (peek('[') || peek('{')) {
    return range(field);
  }
  if (peek('>') || peek('<')) {
    return comparison(field);
  }
  const Word wanted = peek('"') ? quoted() : word();
  const LogField* known = logField(field);
  if (failure_ || known == nullptr) {
    return nothing();
  }
  if (!wanted.quoted && wanted.text == "*" && field == "msg") {
    return {};  // a bare star is everything
  }
  return unwrap(wordCondition(*known, wanted, now_));
}

Condition Parser::range(std::string_view field) {
  const bool fromIncluded = text_[at_++] == '[';
  const std::string from = rangeBound();
  skipSpace();
  if (!takeWord("TO")) {
    return fail("a range without TO");
  }
  const std::string to = rangeBound();
  skipSpace();
  if (!peek(']') && !peek('}')) {
    return fail("a range without end");
  }
  const bool toIncluded = text_[at_++] == ']';
  const LogField* known = logField(field);
  if (failure_ || known == nullptr) {
    return nothing();
  }
  Condition whole;
  if (from != "*") {
    whole = unwrap(boundCondition(*known, fromIncluded ? " >= ?" : " > ?", from, !fromIncluded, now_));
  }
  if (to != "*") {
    whole = both(std::move(whole),
                 unwrap(boundCondition(*known, toIncluded ? " <= ?" : " < ?", to, toIncluded, now_)));
  }
  return whole;
}

std::string Parser::rangeBound() {
  skipSpace();
  if (peek('"')) {
    return quoted().text;
  }
  const std::size_t begun = at_;
  while (at_ < text_.size() && !isSpace(text_[at_]) && text_[at_] != ']' && text_[at_] != '}') {
    ++at_;
  }
  if (at_ == begun) {
    fail("a range without bound");
  }
  return std::string(text_.substr(begun, at_ - begun));
}

Condition Parser::comparison(std::string_view field) {
  const bool greater = text_[at_++] == '>';
  const bool orEqual = take('=');
  const Word bound = peek('"') ? quoted() : word();
  const LogField* known = logField(field);
  if (failure_ || known == nullptr) {
    return nothing();
  }
  const char* sql = greater ? (orEqual ? " >= ?" : " > ?") : (orEqual ? " <= ?" : " < ?");
  return unwrap(boundCondition(*known, sql, bound.text, greater != orEqual, now_));
}

Word Parser::quoted() {
  Word made;
  made.quoted = true;
  ++at_;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      ++at_;
    }
    const char c = text_[at_++];
    made.text.push_back(c);
    if (c == '*' || c == '?' || c == '\\') {
      made.pattern.push_back('\\');
    }
    made.pattern.push_back(c);
  }
  if (!take('"')) {
    fail("a missing quote");
  }
  return made;
}

Word Parser::word() {
  constexpr std::string_view kEnds = "()[]{}\":^~";
  Word made;
  if (peek('/')) {
    fail("a regular expression, which is not supported (quote the text)");
    return made;
  }
  while (at_ < text_.size() && !isSpace(text_[at_]) && kEnds.find(text_[at_]) == std::string_view::npos) {
    const bool escaped = text_[at_] == '\\';
    if (escaped && ++at_ >= text_.size()) {
      fail("a backslash at the end");
      return made;
    }
    const char c = text_[at_++];
    made.text.push_back(c);
    const bool special = c == '*' || c == '?';
    if ((escaped && special) || c == '\\') {
      made.pattern.push_back('\\');
    }
    made.pattern.push_back(c);
    made.wild = made.wild || (special && !escaped);
  }
  if (made.text.empty()) {
    fail(at_ < text_.size() ? "an unexpected \"" + std::string(1, text_[at_]) + "\"" : "an unexpected end");
  } else if (peek('^') || peek('~')) {
    fail("\"^\" and \"~\", which are not supported");
  }
  return made;
}

}  // namespace

base::Result<Condition> parseLucene(std::string_view query, std::int64_t now) {
  if (query.size() > kMaxBytes) {
    return base::fail(base::Code::kInvalid, "The log query is over 8 KiB.");
  }
  return Parser(query, now).parse();
}

base::Result<Condition> fieldEquals(std::string_view field, std::string_view value, std::int64_t now) {
  const LogField* known = logField(field);
  if (known == nullptr) {
    return nothing();
  }
  Word word;
  word.text = value;
  word.quoted = true;
  for (const char c : value) {
    if (c == '*' || c == '?' || c == '\\') {
      word.pattern.push_back('\\');
    }
    word.pattern.push_back(c);
  }
  return wordCondition(*known, word, now);
}

}  // namespace patchbay::insights
