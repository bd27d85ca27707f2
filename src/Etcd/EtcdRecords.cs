using System.Text;
using System.Text.RegularExpressions;

namespace Lanyard.Etcd;

/// <summary>Which names and texts records may have: those of <see cref="IDecisionStore"/>.</summary>
internal static partial class EtcdRecords
{
    private const int MaxName = 200;
    private const int MaxBytes = 64 << 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">It is no name of records.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= MaxName && Names().IsMatch(name)
            ? name
            : throw new ArgumentException($"{name} is no name of records: parts between slashes of lower-case letters, digits, '-', '_' and '.', each beginning with a letter or a digit, and at most {MaxName} characters in all.", nameof(name));
    }

    /// <exception cref="ArgumentException">It is too long, or no text.</exception>
    public static byte[] Bytes(string record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(record);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException("A record is text: it has half of a surrogate pair.", nameof(record), exception);
        }
        return bytes.Length <= MaxBytes ? bytes : throw new ArgumentException($"A record has at most {MaxBytes} bytes in UTF-8, not {bytes.Length}.", nameof(record));
    }

    /// <summary>The text of a record; null where the bytes are none.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length <= MaxBytes ? Strict.GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            // Whoever wrote it wrote no record.
            return null;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*\z")]
    private static partial Regex Names();
}
