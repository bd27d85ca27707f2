using System.Globalization;

namespace Lanyard.Arithmetic;

/// <summary>Reads expressions by recursive descent, with the precedence of C. The first error stops it.</summary>
internal sealed class ValueReader(string text)
{
    // Bounds on what a hostile or mistaken text can cost, far above what a value needs: whatever walks over terms recurses.
    private const int MostDepth = 64;
    private const int MostOperations = 256;

    private const string ATerm = "\"code\", a name, a number or \"(\"";

    private static readonly char[][] Operators = [['&'], ['+', '-'], ['*', '/']];

    private Token _token;
    private int _previousEnd;
    private int _depth;
    private int _operations;

    private enum TokenKind
    {
        End,
        Name,
        Number,
        Symbol,
    }

    /// <summary>What is wrong with the text; null as long as nothing is.</summary>
    public ArithmeticError? Error { get; private set; }

    /// <summary>Reads all of the text; null where there is an error.</summary>
    public ValueTerm? Read()
    {
        Move(0);
        var term = ReadOperations(0);
        if (term is not null && _token.Kind != TokenKind.End) Fail("an operator or the end");
        return Error is null ? term : null;
    }

    private ValueTerm? ReadOperations(int level)
    {
        if (level == Operators.Length) return ReadOperand();
        var left = ReadOperations(level + 1);
        while (left is not null && _token.Kind == TokenKind.Symbol && Operators[level].Contains(text[_token.Start]))
        {
            if (++_operations > MostOperations) FailAt(FormattableString.Invariant($"at most {MostOperations} operations"), _token.Start, _token.Length);
            var symbol = text[_token.Start];
            Move();
            left = Error is null && ReadOperations(level + 1) is { } right ? new OperationTerm(symbol, left, right, left.Start, _previousEnd - left.Start) : null;
        }
        return left;
    }

    private ValueTerm? ReadOperand()
    {
        var first = _token;
        if (first.Kind == TokenKind.Number)
        {
            Move();
            return ReadNumber(first);
        }
        if (first.Kind == TokenKind.Name)
        {
            Move();
            var name = text.Substring(first.Start, first.Length);
            if (!Is('[')) return new NameTerm(name, first.Start, first.Length);
            return ReadInside(']') is { } index ? new TableTerm(name, index, first.Start, _previousEnd - first.Start) : null;
        }
        if (Is('(')) return ReadInside(')') is { } inner ? inner with { Start = first.Start, Length = _previousEnd - first.Start } : null;
        Fail(ATerm);
        return null;
    }

    private ValueTerm? ReadInside(char closing)
    {
        if (++_depth > MostDepth) FailAt("less nesting", _token.Start, _token.Length);
        Move();
        var inner = Error is null ? ReadOperations(0) : null;
        _depth--;
        if (inner is null) return null;
        if (Is(closing)) Move();
        else Fail($"an operator or \"{closing}\"");
        return Error is null ? inner : null;
    }

    private ValueTerm? ReadNumber(Token token)
    {
        var number = text.Substring(token.Start, token.Length);
        if (number.All(static c => c is >= '0' and <= '9'))
        {
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return new IntegerTerm(whole, token.Start, token.Length);
            FailAt("a whole number of 63 bits", token.Start, token.Length);
            return null;
        }

        // An exponent that float32 does not have reads as infinity here and is refused by the framework's older one.
        if (float.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && !float.IsInfinity(value))
            return new FloatTerm(value, token.Start, token.Length);
        FailAt("a number that float32 has", token.Start, token.Length);
        return null;
    }

    private bool Is(char symbol) => _token.Kind == TokenKind.Symbol && text[_token.Start] == symbol;

    private void Move() => Move(_token.Start + _token.Length);

    private void Move(int at)
    {
        _previousEnd = at;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at == text.Length)
        {
            _token = new Token(TokenKind.End, at, 0);
            return;
        }
        var end = at + 1;
        if (!IsWord(text[at]))
        {
            _token = new Token(TokenKind.Symbol, at, 1);
            return;
        }
        var isNumber = text[at] is >= '0' and <= '9';

        // The sign of an exponent belongs to the number: 1e-3.
        for (; end < text.Length && (IsWord(text[end]) || (isNumber && (text[end] == '.' || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E')))); end++) { }
        _token = new Token(isNumber ? TokenKind.Number : TokenKind.Name, at, end - at);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Fail(string expected) => FailAt(expected, _token.Start, _token.Length);

    private void FailAt(string expected, int start, int length)
    {
        if (Error is not null) return;
        var found = start == text.Length ? "the end" : $"\"{text.Substring(start, length)}\"";
        Error = new ArithmeticError(FormattableString.Invariant($"Expected {expected} at position {start} of \"{text}\", found {found}."), start, length);
    }

    private readonly record struct Token(TokenKind Kind, int Start, int Length);
}
