using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Lanyard.Checkpoints;

/// <summary>
/// Reads JSON token by token, and turns everything that can be wrong with it into a <see cref="CheckpointException"/> that names
/// the file and the byte. What it refuses inside values that nobody asks for is what the reference implementation refuses too.
/// </summary>
internal ref struct JsonCursor
{
    // As deep as the reference implementation goes.
    private const int MaxDepth = 127;
    private const int MaxQuoted = 200;

    private readonly string _file;
    private readonly long _origin;

    // A structure: whoever is given the cursor by value moves a copy of it.
    private Utf8JsonReader _reader;

    /// <summary>Begins before the first token.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="json">The whole document.</param>
    /// <param name="origin">Where the document begins in the file, in bytes.</param>
    /// <exception cref="CheckpointException">The document is not UTF-8.</exception>
    public JsonCursor(string file, ReadOnlySpan<byte> json, long origin)
    {
        // The reader below looks at the bytes of a string only when it is asked for; those that are passed over could be anything.
        if (!Utf8.IsValid(json))
        {
            throw new CheckpointException(file, $"byte {origin + FirstInvalid(json)}: not valid UTF-8.");
        }

        _file = file;
        _origin = origin;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The kind of the current token.</summary>
    public readonly JsonTokenType Kind => _reader.TokenType;

    /// <summary>Text for a message: in quotes, without control characters, not too long.</summary>
    public static string Quote(string text) => $"\"{Plain(text, "\"\\")}\"";

    /// <summary>Goes to the next token.</summary>
    public JsonTokenType Next()
    {
        try
        {
            return _reader.Read() ? _reader.TokenType : throw Error("the JSON ends too early.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(_file, $"byte {_origin + _reader.BytesConsumed}: invalid JSON: {Plain(e.Message, "")}", e);
        }
    }

    /// <summary>Checks that nothing but white space follows.</summary>
    public void End()
    {
        try
        {
            if (_reader.Read())
            {
                throw Error("something follows the JSON.");
            }
        }
        catch (JsonException e)
        {
            throw new CheckpointException(_file, $"byte {_origin + _reader.BytesConsumed}: something follows the JSON: {Plain(e.Message, "")}", e);
        }
    }

    /// <summary>Whether the text of the current token, which is a string or a property name, is the given one.</summary>
    public readonly bool Is(ReadOnlySpan<byte> text)
    {
        try
        {
            return _reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException e)
        {
            throw HalfPair(e);
        }
    }

    /// <summary>What is wrong with a token of another kind than was expected.</summary>
    /// <param name="what">What it is the value of, and what it must be.</param>
    public readonly CheckpointException Unexpected(string what) => Error($"{what}, not {Describe(_reader.TokenType)}.");

    /// <summary>The text of the current token, which is a string or a property name.</summary>
    public readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw HalfPair(e);
        }
    }

    /// <summary>The current token as a number, if it is one of digits only, below 2^64.</summary>
    public readonly bool TryNatural(out ulong value)
    {
        value = 0;

        // Digits only, as for the reference implementation: 2.0 and 2e0 are numbers, but no sizes.
        return _reader.TokenType == JsonTokenType.Number
            && !_reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && ulong.TryParse(_reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether the current token is a number below zero.</summary>
    public readonly bool IsNegative => _reader.TokenType == JsonTokenType.Number && _reader.ValueSpan[0] == (byte)'-';

    /// <summary>What is wrong with a token that is no such number.</summary>
    /// <param name="what">What it is the value of.</param>
    public readonly CheckpointException NotNatural(string what) => _reader.TokenType != JsonTokenType.Number
        ? Unexpected($"{what} must be a whole number")
        : Error($"{what} must be a whole number from 0 to 2^64 - 1, not {Encoding.UTF8.GetString(_reader.ValueSpan[..Math.Min(_reader.ValueSpan.Length, 40)])}.");

    /// <summary>Passes over the current value, whatever it is.</summary>
    public void Skip()
    {
        // Not Utf8JsonReader.Skip, which takes halves of surrogate pairs, and numbers that no double holds.
        int depth = _reader.CurrentDepth;
        bool nested = _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        CheckScalar();
        while (nested)
        {
            Next();
            CheckScalar();
            nested = _reader.CurrentDepth > depth;
        }
    }

    /// <summary>A problem at the current token.</summary>
    public readonly CheckpointException Error(string problem, Exception? inner = null) =>
        new(_file, $"byte {_origin + _reader.TokenStartIndex}: {problem}", inner);

    // The parser's messages quote what it found, which may be anything.
    private static string Plain(string text, string escaped)
    {
        StringBuilder plain = new();
        foreach (char c in text.Length > MaxQuoted ? text.AsSpan(0, MaxQuoted) : text)
        {
            _ = char.IsControl(c) || char.IsSurrogate(c) || escaped.Contains(c)
                ? plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : plain.Append(c);
        }

        return plain.Append(text.Length > MaxQuoted ? "..." : "").ToString();
    }

    private static string Describe(JsonTokenType kind) => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        JsonTokenType.Null => "null",
        JsonTokenType.EndArray => "the end of an array",
        _ => "something else",
    };

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    private readonly CheckpointException HalfPair(Exception inner) => Error("a string has half of a surrogate pair.", inner);

    private readonly void CheckScalar()
    {
        if (_reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            Text();
        }
        else if (_reader.TokenType == JsonTokenType.Number && !(_reader.TryGetDouble(out double value) && double.IsFinite(value)))
        {
            throw Error("a number is out of range.");
        }
    }
}
