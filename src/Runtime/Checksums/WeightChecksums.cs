using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Checksums;
using Lanyard.Encodings;
using Lanyard.Encodings.Gguf;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard;

/// <summary>
/// A checksum for each slot: of what a rank of a model holds, or of what a trainer has for the same slots. Both sides compute them in
/// checkpoint layout, so equal checksums prove that the right elements are in the right places.
/// </summary>
public sealed class WeightChecksums
{
    /// <summary>Keeps checksums, checked.</summary>
    /// <param name="slots">The checksums.</param>
    /// <exception cref="ArgumentException">Some contradict themselves; all of them are named.</exception>
    public WeightChecksums(ImmutableArray<SlotChecksum> slots)
    {
        var faults = slots.Select(slot => slot.Fault()).OfType<string>().Distinct().ToList();
        if (faults.Count > 0) throw new ArgumentException($"Some checksums contradict themselves. {string.Join("; ", faults)}.", nameof(slots));
        Slots = slots;
    }

    private enum Verdict
    {
        Agrees,
        Differs,
        Missing,
        Unverifiable,
    }

    /// <summary>The checksums, one for each slot.</summary>
    public ImmutableArray<SlotChecksum> Slots { get; }

    /// <summary>What is wrong with parameters beside their slots: padding that is not zero, a constant that is not what is declared.</summary>
    public ImmutableArray<ParameterFault> Faults { get; init; } = [];

    /// <summary>The <see cref="ParameterSet.Generation"/> of the model that they are of; zero of a trainer's.</summary>
    public long Generation { get; init; }

    /// <summary>The <see cref="ParameterSet.Version"/> of the model that they are of; null where nobody said it.</summary>
    public string? Version { get; init; }

    /// <summary>The prefix that checkpoints may put before every name; empty where there is none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Computes what a checkpoint has for the slots that a model asks for. Quantised tensors are decoded as a load decodes them.</summary>
    /// <param name="checkpoint">The checkpoint, in the form that the slots name.</param>
    /// <param name="asked">The slots, of any rank; their hashes play no part.</param>
    /// <param name="below">As for <see cref="LoadPlan.Create(IParameterModule, Checkpoint, LoadOptions, string)"/>.</param>
    /// <param name="names">Other names than the model's, as for <see cref="LoadOptions.Names"/>; null for none.</param>
    /// <returns>The checksums of the slots whose tensors are there.</returns>
    /// <remarks>Tensors are read into memory, one by one: a file that a trainer overwrites meanwhile is refused as far as its length or time shows it, and ends no process.</remarks>
    /// <exception cref="ArgumentException">The mapping is not well declared.</exception>
    /// <exception cref="CheckpointException">A file has changed since it was opened, or cannot be read; or a tensor is of blocks that are not decoded.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint has been disposed.</exception>
    public static WeightChecksums Of(Checkpoint checkpoint, WeightChecksums asked, string? below = null, NameMapping? names = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(asked);
        using var sent = new SentChecksums(asked, names);
        var part = new CheckpointPart(checkpoint.Tensors.Values, below, checkpoint.Path);

        checkpoint.AwaitTick();

        // In the order of the files, for cold page caches.
        foreach (var stored in part.Tensors.Where(tensor => sent.Wants(part.NameOf(tensor))).OrderBy(tensor => tensor.File, StringComparer.Ordinal).ThenBy(tensor => tensor.Offset))
        {
            using var read = GgufBlocks.Decodes(stored.DType) ? checkpoint.ReadStored(stored) : checkpoint.Read(stored);
            using var decoded = GgufBlocks.Decodes(stored.DType) ? new GgufTensor(stored.DType, read).All(stored.Shape) : null;
            sent.Add(part.NameOf(stored), decoded ?? read);
        }
        return sent.Result();
    }

    /// <summary>
    /// Computes what a trainer has for the slots that a model asks for. Floating-point tensors are converted to the type that the model
    /// holds, so that a float32 trainer and a bfloat16 engine agree.
    /// </summary>
    /// <param name="tensors">
    /// Whole tensors in checkpoint layout, by name, on any device and with any strides; they may be made one by one. Those that no slot
    /// needs are passed over. A quantised tensor must not change until its scales came, and the other way round.
    /// </param>
    /// <param name="asked">The slots, of any rank; their hashes play no part.</param>
    /// <param name="names">Other names than the model's, as for <see cref="LoadOptions.Names"/>; null for none.</param>
    /// <returns>The checksums of the slots whose tensors came.</returns>
    /// <exception cref="ArgumentException">A tensor or a name is null, or the mapping is not well declared.</exception>
    public static WeightChecksums Of(IEnumerable<(string Name, torch.Tensor Tensor)> tensors, WeightChecksums asked, NameMapping? names = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(asked);
        using var sent = new SentChecksums(asked, names);
        foreach (var (name, tensor) in tensors)
        {
            if (name is null || tensor is null) throw new ArgumentException(name is null ? "A tensor has no name." : $"{NameFolding.Shown(name)} is null.", nameof(tensors));
            sent.Add(name, tensor);
        }
        return sent.Result();
    }

    /// <inheritdoc cref="Of(IEnumerable{ValueTuple{string, torch.Tensor}}, WeightChecksums, NameMapping?)"/>
    public static WeightChecksums Of(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors, WeightChecksums asked, NameMapping? names = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Of(tensors.Select(tensor => (tensor.Key, tensor.Value)), asked, names);
    }

    /// <summary>Compares what a model holds, which is this, with what a trainer has.</summary>
    /// <param name="sent">The trainer's checksums.</param>
    public ChecksumReport Compare(WeightChecksums sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        var theirs = sent.Slots.ToLookup(slot => slot.Key);
        var mine = Slots.Select(slot => slot.Key).ToHashSet();
        var verdicts = Slots.ToLookup(slot => Judge(slot, theirs[slot.Key]));
        return new ChecksumReport
        {
            Agreeing = verdicts[Verdict.Agrees].Count(),
            Differing = [.. verdicts[Verdict.Differs].Select(slot => slot with { Reason = theirs[slot.Key].Select(other => other.Reason).FirstOrDefault(reason => reason is not null) })],
            Missing = [.. verdicts[Verdict.Missing]],
            Unverifiable = [.. verdicts[Verdict.Unverifiable]],
            Unknown = [.. sent.Slots.Where(slot => !mine.Contains(slot.Key))],
            Faults = Faults,
        };
    }

    /// <summary>Writes the checksums as JSON, UTF-8.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ChecksumFile.Write(this));
    }

    /// <summary>Writes the checksums as JSON to a file, which appears when it is whole and replaces one that is there.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteTo(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = ChecksumFile.Write(this);
        using var file = new PendingFile(Path.GetFullPath(path), bytes.Length);
        file.Append(bytes);
        file.Finish();
        file.Commit();
    }

    /// <summary>Reads checksums from JSON.</summary>
    /// <param name="stream">Where from, to its end.</param>
    /// <exception cref="FormatException">The JSON is none, has more than 1,000,000,000 bytes, or checksums contradict themselves.</exception>
    public static WeightChecksums Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ChecksumFile.Read(stream);
    }

    /// <summary>Reads checksums from a file of JSON.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">The JSON is none, has more than 1,000,000,000 bytes, or checksums contradict themselves.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    public static WeightChecksums Read(string path)
    {
        using var stream = File.OpenRead(path);
        return ChecksumFile.Read(stream);
    }

    private static Verdict Judge(SlotChecksum mine, IEnumerable<SlotChecksum> theirs)
    {
        var any = false;
        foreach (var other in theirs)
        {
            any = true;

            // One that differs is enough: nothing says which of them was sent.
            if (mine.Hash is not null && other.Hash != mine.Hash) return Verdict.Differs;
        }
        return mine.Hash is null ? Verdict.Unverifiable : any || !mine.Absent.IsEmpty ? Verdict.Agrees : Verdict.Missing;
    }
}
