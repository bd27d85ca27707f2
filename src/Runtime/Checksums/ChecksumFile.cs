using System.Globalization;
using System.Text.Json;
using Lanyard.Checkpoints;

namespace Lanyard.Checksums;

/// <summary>How checksums are written down; <c>docs/checksums.md</c> describes it.</summary>
internal sealed record ChecksumFile
{
    private const string Name = "lanyard checksums 1";
    private const string HashFormat = "x32";

    // Some four million slots; the most that a published checkpoint has is a tenth of that.
    private const long MaxLength = 1_000_000_000;

    /// <summary>What the file is, with its version.</summary>
    public required string Format { get; init; }

    public string? Prefix { get; init; }

    public long? Generation { get; init; }

    public string? Version { get; init; }

    public required ChecksumEntry[] Slots { get; init; }

    public ParameterFault[]? Faults { get; init; }

    public static byte[] Write(WeightChecksums checksums) => JsonSerializer.SerializeToUtf8Bytes(
        new ChecksumFile
        {
            Format = Name,
            Prefix = checksums.Prefix.Length > 0 ? checksums.Prefix : null,
            Generation = checksums.Generation > 0 ? checksums.Generation : null,
            Version = checksums.Version,
            Slots = [.. checksums.Slots.Select(Entry)],
            Faults = checksums.Faults.IsEmpty ? null : [.. checksums.Faults],
        },
        ChecksumJson.Default.ChecksumFile);

    /// <exception cref="FormatException">The JSON is none or too long, or checksums contradict themselves.</exception>
    public static WeightChecksums Read(Stream stream)
    {
        try
        {
            // What says how long it is need not be read for that.
            if (stream.CanSeek && stream.Length - stream.Position > MaxLength) throw new FormatException($"there are {stream.Length - stream.Position} bytes, more than the {MaxLength} allowed");
            using var bounded = new BoundedStream(stream, MaxLength);
            var file = JsonSerializer.Deserialize(bounded, ChecksumJson.Default.ChecksumFile) ?? throw new FormatException("there is nothing in it");
            if (file.Format != Name) throw new FormatException($"the format is \"{file.Format}\" instead of \"{Name}\"");
            if (file.Slots.Any(slot => slot is null || slot.Aliases?.Any(alias => alias is null) == true || slot.Absent?.Any(name => name is null) == true || slot.Others?.Any(other => other is null) == true || (slot.Others ?? []).Prepend(slot.Encoding).Any(HasNull)) || file.Faults?.Any(fault => fault is null) == true) throw new FormatException("a slot, a name or a fault is null");
            return new WeightChecksums([.. file.Slots.Select(Slot)]) { Prefix = file.Prefix ?? "", Generation = file.Generation ?? 0, Version = file.Version, Faults = [.. file.Faults ?? []] };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            throw new FormatException($"The checksums cannot be read: {e.Message}", e);
        }
    }

    private static bool HasNull(EncodingEntry? encoding) => encoding?.Companions?.Any(companion => companion is null || companion.Covers?.Any(covers => covers is null) == true || companion.Aliases?.Any(alias => alias is null) == true) == true;

    private static ChecksumEntry Entry(SlotChecksum slot) => new()
    {
        Tensor = slot.Tensor,
        Aliases = slot.Aliases.IsEmpty ? null : [.. slot.Aliases],
        Parameter = slot.Parameter,
        Type = slot.Type.Text(),
        Shape = [.. slot.Shape],
        Offset = slot.Region.Offset,
        Sizes = [.. slot.Region.Sizes],
        Strides = [.. slot.Region.Strides],
        Absent = slot.Absent.IsEmpty ? null : [.. slot.Absent],
        Encoding = slot.Encoding is null ? null : EncodingEntry.Of(slot.Encoding),
        Others = slot.Others.IsEmpty ? null : [.. slot.Others.Select(EncodingEntry.Of)],
        Xxh3_128 = slot.Hash?.ToString(HashFormat, CultureInfo.InvariantCulture),
        Reason = slot.Reason,
    };

    private static SlotChecksum Slot(ChecksumEntry entry) =>
        new(entry.Tensor, [.. entry.Shape], Type(entry), new SlotRegion(entry.Offset, [.. entry.Sizes], [.. entry.Strides]))
        {
            Parameter = entry.Parameter,
            Aliases = [.. entry.Aliases ?? []],
            Encoding = entry.Encoding?.ToEncoding(),
            Others = [.. (entry.Others ?? []).Select(other => other.ToEncoding())],
            Absent = [.. entry.Absent ?? []],
            Hash = entry.Xxh3_128 is null ? null : Hash(entry),
            Reason = entry.Reason,
        };

    private static CheckpointType Type(ChecksumEntry entry) =>
        CheckpointTypes.TryParse(entry.Type, out var type) ? type : throw new FormatException($"{entry.Tensor}: \"{entry.Type}\" is no element type");

    private static UInt128 Hash(ChecksumEntry entry) =>
        entry.Xxh3_128!.Length == 32 && UInt128.TryParse(entry.Xxh3_128, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
            ? hash
            : throw new FormatException($"{entry.Tensor}: \"{entry.Xxh3_128}\" is no hash of 32 hexadecimal digits");
}
