using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Reads patterns and names by recursive descent. The first error stops it.</summary>
internal sealed class PatternReader(string text)
{
    // Bounds on what a hostile or mistaken text can cost, far above what a layout needs.
    // Whatever walks over nodes recurses, and a stack that overflows ends the process: the compiler's or the editor's, too.
    private const int MostDepth = 64;
    private const int MostAlternatives = 1024;

    private const string Arrow = "Axes are separated by blanks, and a pattern is one side without an arrow";
    private const string AnItem = "an axis, \"1\", \"(\", \"pad(\" or \"blocks(\"";

    private Token _token;
    private int _previousEnd;
    private int _depth;
    private bool _isName;
    private string? _sized;

    private enum TokenKind
    {
        End,
        Name,
        Number,
        Symbol,
    }

    /// <summary>What is wrong with the text; null as long as nothing is.</summary>
    public LayoutError? Error { get; private set; }

    public bool ReadPattern(out ImmutableArray<ItemNode> items)
    {
        Move(0);
        items = ReadItems();
        if (Error is null && _token.Kind != TokenKind.End)
            Fail($"{AnItem} or the end");
        CheckAlternatives(items);
        return Error is null;
    }

    public bool ReadName(out ImmutableArray<NameSegment> segments)
    {
        _isName = true;
        var found = ImmutableArray.CreateBuilder<NameSegment>();
        for (var at = 0; at < text.Length && Error is null;)
        {
            var brace = text.IndexOfAny(['{', '}'], at);
            var end = brace < 0 ? text.Length : brace;
            if (end > at)
                found.Add(new TextSegment(text.Substring(at, end - at), at, end - at));
            at = end;
            if (brace < 0)
                break;
            if (text[brace] == '}')
                FailAt("text or \"{\"", brace, 1);
            else if (ReadHole(brace) is { } hole)
            {
                found.Add(hole);
                at = hole.Start + hole.Length;
            }
        }
        segments = found.ToImmutable();
        CheckAlternatives([.. segments.OfType<HoleSegment>().Select(static hole => hole.Composition)]);
        return Error is null;
    }

    private HoleSegment? ReadHole(int start)
    {
        Move(start + 1);
        var (composition, shift) = ReadShifted() is { } shifted
            ? (shifted.Composition, (long?)shifted.Shift)
            : (Error is null ? ReadComposition('}') : null, null);
        if (composition is null || !Is('}'))
        {
            Fail("\"}\"");
            return null;
        }
        return new HoleSegment(composition, shift, start, _token.Start + 1 - start);
    }

    // An axis and a number are a shift: "{a + 1}" is not the parts "a" and "1".
    private (CompositionNode Composition, long Shift)? ReadShifted()
    {
        var (token, previousEnd) = (_token, _previousEnd);
        if (token.Kind == TokenKind.Name)
        {
            Move();
            var minus = Is('-');
            if (minus || Is('+'))
            {
                Move();
                var number = _token;
                if (number.Kind == TokenKind.Number)
                {
                    Move();
                    // "1" is an item, too: {a + 1 b} are the parts "a" and "1 b".
                    if (minus || Is('}') || Text(number) != "1")
                    {
                        var axis = new AxisNode(Text(token), token.Start, token.Length);
                        var part = new PartNode(null, [axis], token.Start, token.Length);
                        return Value(number) is { } value
                            ? (new CompositionNode([part], token.Start, token.Length), minus ? -value : value)
                            : null;
                    }
                }
                else if (minus)
                {
                    Fail("a number");
                    return null;
                }
            }
        }
        (_token, _previousEnd) = (token, previousEnd);
        return null;
    }

    private ImmutableArray<ItemNode> ReadItems()
    {
        var items = ImmutableArray.CreateBuilder<ItemNode>();
        while (Error is null && ReadItem() is { } item)
            items.Add(item);
        return items.ToImmutable();
    }

    private ItemNode? ReadItem()
    {
        var first = _token;
        if (first.Kind == TokenKind.Number && Text(first) == "1")
        {
            Move();
            return new OneNode(first.Start, first.Length);
        }
        if (first.Kind == TokenKind.Name)
        {
            Move();
            var name = Text(first);
            // No reserved words: an axis may be called pad.
            return name is "pad" or "blocks" && Is('(')
                ? ReadSized(first, name == "pad")
                : new AxisNode(name, first.Start, first.Length);
        }
        if (!Is('('))
            return null;
        Move();
        var composition = ReadComposition(')');
        return composition is not null && Take(')')
            ? composition with { Start = first.Start, Length = _previousEnd - first.Start }
            : null;
    }

    private ItemNode? ReadSized(Token first, bool pad)
    {
        Move();
        _sized = Text(first);
        if (ReadComposition(',') is not { } composition || !Take(','))
            return null;
        _sized = null;
        var number = _token;
        if (number.Kind != TokenKind.Number || Value(number) == 0)
            Fail("a size of at least 1");
        Move();
        if (Error is not null || Value(number) is not { } size || !Take(')'))
            return null;
        var length = _previousEnd - first.Start;
        return pad ? new PadNode(composition, size, first.Start, length) : new BlocksNode(composition, size, first.Start, length);
    }

    private CompositionNode? ReadComposition(char closing)
    {
        if (++_depth > MostDepth)
            FailAt("less nesting", _token.Start, _token.Length);
        var start = _token.Start;
        var parts = ImmutableArray.CreateBuilder<PartNode>();
        do
        {
            if (parts.Count > 0)
                Move();
            if (Error is not null || ReadPart() is not { } part)
                return null;
            parts.Add(part);
        }
        while (Is('+'));
        _depth--;
        if (!Is(closing))
        {
            Fail($"{AnItem}, \"+\" or \"{closing}\"");
            return null;
        }
        return new CompositionNode(parts.ToImmutable(), start, _previousEnd - start);
    }

    private PartNode? ReadPart()
    {
        var first = _token;
        string? tag = null;
        if (first.Kind == TokenKind.Name)
        {
            var previousEnd = _previousEnd;
            Move();
            if (Is(':'))
            {
                tag = Text(first);
                Move();
            }
            else
            {
                (_token, _previousEnd) = (first, previousEnd);
            }
        }
        var items = ReadItems();
        if (items.IsEmpty)
            Fail(tag is null ? $"{AnItem} or a tag" : AnItem);
        return Error is null ? new PartNode(tag, items, first.Start, _previousEnd - first.Start) : null;
    }

    private bool Take(char symbol)
    {
        if (Is(symbol))
            Move();
        else
            Fail($"\"{symbol}\"");
        return Error is null;
    }

    private bool Is(char symbol) => _token.Kind == TokenKind.Symbol && text[_token.Start] == symbol;

    private string Text(Token token) => text.Substring(token.Start, token.Length);

    private long? Value(Token number)
    {
        var value = 0L;
        for (var i = number.Start; i < number.Start + number.Length; i++)
        {
            value = (value * 10) + (text[i] - '0');
            // Within the loop, for the next digit could overflow.
            if (value > int.MaxValue)
            {
                FailAt("a smaller number", number.Start, number.Length);
                return null;
            }
        }
        return value;
    }

    private void Move() => Move(_token.Start + _token.Length);

    private void Move(int at)
    {
        _previousEnd = at;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
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
        var digits = IsDigit(text[at]);
        for (; end < text.Length && IsWord(text[end]); end++)
            digits &= IsDigit(text[end]);
        // A word that starts with a digit and is no number is nothing: a symbol that no rule knows.
        var kind = digits ? TokenKind.Number : char.IsLetter(text[at]) || text[at] == '_' ? TokenKind.Name : TokenKind.Symbol;
        _token = new Token(kind, at, end - at);
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Fail(string expected) => Say(expected.StartsWith(AnItem, StringComparison.Ordinal) && Rule() is { } rule ? rule : $"Expected {expected}", _token.Start, _token.Length);

    private void FailAt(string expected, int start, int length) => Say($"Expected {expected}", start, length);

    private void Say(string what, int start, int length)
    {
        if (Error is not null)
            return;
        var found = start == text.Length ? "the end" : $"\"{text.Substring(start, length)}\"";
        Error = new LayoutError(
            LayoutErrorKind.Syntax,
            FormattableString.Invariant($"{what} at position {start} of \"{text}\", found {found}."),
            start,
            length);
    }

    /// <summary>What who writes patterns elsewhere has to know, where the token is of another notation; else null.</summary>
    private string? Rule()
    {
        if (_token.Kind == TokenKind.Number && _isName)
            return "In braces stands the name of an axis, which gives the numbers";
        if (_token.Kind == TokenKind.Number && _sized is not null && IsBefore(')'))
            return $"A comma stands before the size, as in {_sized}(x, {Text(_token)})";
        if (_token.Kind == TokenKind.Number)
            return "An axis is written by its name, and its size is declared by [Axis]";
        if (_token.Kind != TokenKind.Symbol || _token.Length > 1)
            return null;
        var next = _token.Start + 1 < text.Length ? text[_token.Start + 1] : ' ';
        return text[_token.Start] switch
        {
            '-' or '=' when next == '>' => Arrow,
            '\u2192' or '\u21d2' => Arrow,
            '-' when char.IsLetterOrDigit(next) => "Names of axes have letters, digits and _, and axes are separated by blanks",
            '{' or '}' when !_isName => "Axes are written without braces, which are for names of tensors",
            ':' when IsDigit(text.Substring(_token.Start + 1).TrimStart().FirstOrDefault()) => "Sizes are declared by [Axis] and not written",
            '+' when _depth == 0 => "Parts of a dimension stand in parentheses, as in (a + b)",
            '[' or ']' => "Dimensions have no brackets, and axes are separated by blanks",
            ',' or ';' or '*' or '/' or '.' or '|' or '&' or '-' or '=' or '<' or '>' or '\u00d7' => "Axes are separated by blanks",
            _ => null,
        };
    }

    private bool IsBefore(char symbol)
    {
        var at = _token.Start + _token.Length;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length && text[at] == symbol;
    }

    private void CheckAlternatives(ImmutableArray<ItemNode> items)
    {
        if (Error is null && Alternative.CountOf(items, MostAlternatives + 1) > MostAlternatives)
            FailAt(FormattableString.Invariant($"at most {MostAlternatives} combinations of parts"), 0, text.Length);
    }

    private readonly record struct Token(TokenKind Kind, int Start, int Length);
}
