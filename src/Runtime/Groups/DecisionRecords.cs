using System.Text;

namespace Lanyard;

/// <summary>Which names and texts the records of an <see cref="IDecisionStore"/> may have: those that every store can keep. For whoever writes one.</summary>
public static class DecisionRecords
{
    private const int MaxLength = 200;
    private const int MaxBytes = 64 << 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses what is no name of a record.</summary>
    /// <param name="name">The name.</param>
    /// <param name="argument">What the caller calls it.</param>
    /// <exception cref="ArgumentException">No store could keep a record under this name.</exception>
    public static void Check(string name, string argument)
    {
        ArgumentNullException.ThrowIfNull(name, argument);
        if (name.Length is 0 or > MaxLength || !name.Split('/').All(IsPart))
            throw new ArgumentException($"{NameFolding.Shown(name)} is no name of records: parts between slashes of lower-case letters, digits, '-', '_' and '.', each beginning with a letter or a digit, and at most {MaxLength} characters in all.", argument);
    }

    /// <summary>The bytes of a record, in UTF-8.</summary>
    /// <param name="record">Its text.</param>
    /// <param name="argument">What the caller calls it.</param>
    /// <exception cref="ArgumentException">It is too long, or no text.</exception>
    public static byte[] Bytes(string record, string argument)
    {
        ArgumentNullException.ThrowIfNull(record, argument);
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(record);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("A record is text: it has half of a surrogate pair.", argument, e);
        }
        return bytes.Length <= MaxBytes ? bytes : throw new ArgumentException($"A record has at most {MaxBytes} bytes in UTF-8, not {bytes.Length}.", argument);
    }

    /// <summary>The text of a record; null where the bytes are none.</summary>
    /// <param name="bytes">What a store has.</param>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length <= MaxBytes ? Strict.GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsPart(string part) => part is [not ('-' or '_' or '.'), ..] && part.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.');
}
