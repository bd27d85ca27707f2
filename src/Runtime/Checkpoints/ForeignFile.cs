using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Lanyard.Checkpoints;

/// <summary>Says what a file is that is no checkpoint, by its first bytes: asked only where reading it has failed.</summary>
internal static class ForeignFile
{
    /// <summary>How many first bytes are looked at.</summary>
    public const int Beginning = 512;

    /// <summary>How a file of PyTorch becomes one that is read.</summary>
    public const string Conversion = "It is not read, since it can run code: convert it to safetensors first, with save_pretrained of transformers or save_file of the Python package safetensors, or bring its tensors by name to a refit";

    private const string Unfinished = "was the download completed?";
    private const int MaxShown = 80;

    // A local file header of a ZIP archive: where it says how long the first name is, and where the name begins.
    private const int ZipNameLength = 26;
    private const int ZipName = 30;
    private const int TarMagic = 257;

    /// <summary>What a file is, a sentence; null where it is nothing that is known, or nothing else.</summary>
    /// <param name="bytes">Its first bytes.</param>
    /// <param name="length">The size of the file in bytes.</param>
    public static string? Of(ReadOnlySpan<byte> bytes, long length) =>
        length == 0 ? $"the file is empty: {Unfinished}"
        : bytes.Length >= SafetensorsHeader.PrefixLength && !bytes.ContainsAnyExcept((byte)0) ? $"the file begins with nothing but zeros: {Unfinished}"
        : Pointer(bytes) ?? Archive(bytes) ?? Format(bytes, length) ?? Text(bytes, length);

    /// <summary>As <see cref="Of"/>, in place of a file of JSON: what begins as that is none.</summary>
    public static string? InPlaceOfJson(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> first = bytes[..Math.Min(bytes.Length, Beginning)];
        ReadOnlySpan<byte> text = first.TrimStart(" \t\r\n"u8);
        return text is [(byte)'{' or (byte)'[' or (byte)'"' or (byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] || text.StartsWith("null"u8) || text.StartsWith("true"u8) || text.StartsWith("false"u8) ? null : Of(first, bytes.Length);
    }

    private static string? Pointer(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("version https://git-lfs"u8))
        {
            return null;
        }

        int at = bytes.IndexOf("\nsize "u8);
        string digits = at < 0 ? "" : new string([.. Encoding.ASCII.GetString(bytes[(at + "\nsize ".Length)..]).TakeWhile(char.IsAsciiDigit)]);
        return $"the file is a Git LFS pointer, which stands for the file{(digits.Length > 0 ? $" of {digits} bytes" : "")} and is not it: \"git lfs pull\" fetches that, or download it from where it is published.";
    }

    private static string? Archive(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8) && bytes.Length > ZipName)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(bytes[ZipNameLength..]), bytes.Length - ZipName);
            ReadOnlySpan<byte> name = bytes.Slice(ZipName, length);
            return name.EndsWith(".npy"u8) ? "the file is a NumPy archive (.npz), which is not read: convert it to safetensors first."
                : name.EndsWith("/data.pkl"u8) || name.EndsWith("/byteorder"u8) || name.EndsWith("/version"u8) || name.EndsWith("/.format_version"u8) ? $"the file is in PyTorch's own format, a pickle in a ZIP archive. {Conversion}."
                : "the file is a ZIP archive: unpack it, and open what is in it.";
        }

        return bytes is [0x1f, 0x8b, ..] ? "the file is compressed with gzip: unpack it, and open what is in it."
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? "the file is compressed with zstd: unpack it, and open what is in it."
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) ? "the file is compressed with xz: unpack it, and open what is in it."
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) ? "the file is a 7z archive: unpack it, and open what is in it."
            : bytes.Length > TarMagic + 5 && bytes[TarMagic..].StartsWith("ustar"u8) ? "the file is a tar archive: unpack it, and open what is in it."
            : null;
    }

    private static string? Format(ReadOnlySpan<byte> bytes, long length)
    {
        if (bytes.StartsWith("GGUF"u8))
        {
            return "the file is in the GGUF format.";
        }

        if (bytes.Length > SafetensorsHeader.PrefixLength && bytes[SafetensorsHeader.PrefixLength] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes) is ulong header and <= SafetensorsHeader.MaxLength && (long)header <= length - SafetensorsHeader.PrefixLength)
        {
            return $"the file is in the safetensors format, and its name says GGUF: give it one that ends with {SafetensorsIndex.Extension}.";
        }

        return bytes is [0x80, >= 2 and <= 5, ..] ? $"the file is a pickle, as older versions of PyTorch write. {Conversion}."
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n']) ? "the file is in the HDF5 format, as Keras writes, which is not read: convert it to safetensors first."
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']) ? "the file is a NumPy array (.npy), which is not read: convert it to safetensors first."
            : bytes.StartsWith("lmgg"u8) || bytes.StartsWith("fmgg"u8) || bytes.StartsWith("tjgg"u8) ? "the file is in a format that was before GGUF (GGML), which is not read: convert the original weights anew."
            : bytes is [0x08, >= 3 and <= 20, 0x12, < 64, ..] && IsPlain(bytes[4..Math.Min(bytes.Length, 4 + bytes[3])]) ? "the file is an ONNX model, which has a graph and not a checkpoint's names: take the weights that it was exported from."
            : bytes is [>= 0x81 and <= 0x8f, >= 0xa1 and <= 0xbf, ..] && IsPlain(bytes[2..Math.Min(bytes.Length, 2 + (bytes[1] & 0x1f))]) ? "the file is in the msgpack format, as Flax writes, which is not read: convert it to safetensors first."
            : null;
    }

    private static string? Text(ReadOnlySpan<byte> bytes, long length)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? bytes[3..] : bytes;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || !IsText(text, isCut: bytes.Length < length))
        {
            return null;
        }

        string shown = Encoding.UTF8.GetString(text).TrimEnd('\uFFFD').Trim();
        if (shown.Length == 0)
        {
            // White space that is none of ASCII's, such as form feeds.
            return null;
        }

        string quoted = JsonCursor.Quote(shown.Length > MaxShown ? shown[..MaxShown] + "..." : shown);
        return shown.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || shown.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? $"the file is a page in HTML, such as one to log in or of an error, in place of what was to be downloaded: {quoted}."
            : shown[0] == '<' ? $"the file is XML, such as a server answers in place of what was to be downloaded: {quoted}."
            : shown[0] is '{' or '[' ? $"the file is JSON, which a configuration or an index is, or what a server answers in place of what was to be downloaded: {quoted}."
            : $"the file is text, in place of what it should be: {quoted}.";
    }

    // The last letter may be cut in two.
    private static bool IsText(ReadOnlySpan<byte> bytes, bool isCut)
    {
        while (isCut && bytes.Length > 0 && !Utf8.IsValid(bytes) && bytes[^1] >= 0x80)
        {
            bytes = bytes[..^1];
        }

        return !bytes.IsEmpty && Utf8.IsValid(bytes) && !bytes.ContainsAnyInRange((byte)0, (byte)8) && !bytes.ContainsAnyInRange((byte)14, (byte)31);
    }

    private static bool IsPlain(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
