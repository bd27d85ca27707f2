using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Export;
using Lanyard.Names;
using Lanyard.Parts;

namespace Lanyard;

/// <summary>Puts the checkpoints that the ranks of one model exported together into one.</summary>
public static class CheckpointMerge
{
    /// <summary>
    /// Writes the whole checkpoint of which each directory has the slices of one rank. What several ranks hold must have equal bits;
    /// that is checked, and so is that nothing lacks, before anything is written. Tensors are put together one by one: the memory is
    /// that of the largest one and, while it is checked, a byte for each of its elements.
    /// </summary>
    /// <param name="rankDirectories">What <see cref="ExportExtensions.Export(IParameterModule, string, ExportOptions)"/> wrote on each rank, in any order.</param>
    /// <param name="directory">The folder of the whole; a checkpoint that is in it is replaced once the new one is whole.</param>
    /// <param name="maxFileBytes">The most tensor bytes that a file may have.</param>
    /// <returns>What was written; nothing is lossy.</returns>
    /// <exception cref="ExportException">Parts lack, differ, or contradict each other; all are listed.</exception>
    /// <exception cref="CheckpointException">A rank's checkpoint cannot be opened, or a file cannot be written.</exception>
    /// <exception cref="ArgumentException">No directory is given, or the whole would replace a rank.</exception>
    public static ExportReport Merge(IReadOnlyList<string> rankDirectories, string directory, long maxFileBytes = CheckpointWriter.DefaultMaxFileBytes)
    {
        ArgumentNullException.ThrowIfNull(rankDirectories);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (rankDirectories.Count == 0) throw new ArgumentException("There is no rank to merge.", nameof(rankDirectories));
        if (rankDirectories.Any(rank => Place(rank) == Place(directory))) throw new ArgumentException($"{directory} is the directory of a rank.", nameof(directory));
        var ranks = new List<Checkpoint>();
        try
        {
            foreach (var rank in rankDirectories) ranks.Add(Checkpoint.Open(rank));
            ranks.ForEach(rank => rank.AwaitTick());
            var tensors = Tensors(ranks);
            var producers = tensors.ConvertAll(tensor => new TensorProducer(tensor.Name, tensor.DType, tensor.Shape, tensor.Make));
            var files = CheckpointWriter.WriteDirectory(directory, producers, Metadata(ranks), maxFileBytes);
            return new ExportReport([.. files], tensors.Count, producers.Sum(tensor => tensor.Shape.Aggregate((long)tensor.DType.Size(), (length, size) => length * size)), []);
        }
        finally
        {
            ranks.ForEach(rank => rank.Dispose());
        }
    }

    private static string Place(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));

    /// <summary>What is to be written, by name, when nothing is wrong with it.</summary>
    private static List<MergeTensor> Tensors(List<Checkpoint> ranks)
    {
        var problems = new List<ExportProblem>();
        var parts = new SortedDictionary<string, List<MergePart>>(StringComparer.Ordinal);
        var elsewhere = new SortedSet<string>(StringComparer.Ordinal);
        var items = new List<ElsewhereItems>();
        foreach (var rank in ranks)
        {
            // Without what they say of slices, slices would be taken for whole tensors.
            problems.AddRange(rank.Contradicted.Where(SliceMetadata.IsReserved).Select(key => new ExportProblem(ExportProblemKind.Conflict, rank.Path, $"its files say different things under {key}")));
            try
            {
                var slices = SliceMetadata.ReadSlices(rank.Metadata);

                // Slices, too: nobody would miss a tensor that the metadata speak of, but that is not in the file.
                elsewhere.UnionWith(SliceMetadata.ReadElsewhere(rank.Metadata).Concat(slices.Keys));
                items.AddRange(SliceMetadata.ReadItems(rank.Metadata));
                foreach (var (name, stored) in rank.Tensors)
                {
                    if (!parts.TryGetValue(name, out var list)) parts.Add(name, list = []);
                    list.Add(new MergePart(rank, stored, slices.GetValueOrDefault(name)));
                }
            }
            catch (FormatException e)
            {
                problems.Add(new ExportProblem(ExportProblemKind.Conflict, rank.Path, e.Message));
            }
        }

        var versions = ranks.GroupBy(rank => SliceMetadata.VersionOf(rank.Metadata)).ToList();
        if (versions.Count > 1) problems.Add(new ExportProblem(ExportProblemKind.Conflict, "lanyard.version", $"the ranks have weights of several versions: {string.Join(", ", versions.Select(version => $"{(version.Key is null ? "none" : NameFolding.Shown(version.Key))} in {string.Join(" and ", version.Select(rank => rank.Path))}"))}"));

        // Where a rank cannot be understood, what it holds is not missing.
        if (problems.Count == 0)
        {
            elsewhere.UnionWith(Lacking(items, parts.Keys));
            problems.AddRange(elsewhere.Where(name => !parts.ContainsKey(name)).Select(name => new ExportProblem(ExportProblemKind.Missing, name, "no given rank has it")));
        }
        var tensors = parts.Select(pair => new MergeTensor(pair.Key, pair.Value)).ToList();
        problems.AddRange(tensors.SelectMany(tensor => tensor.Problems()));
        return problems.Count == 0 ? tensors : throw new ExportException("The ranks cannot be merged", [.. problems]);
    }

    /// <summary>What items have of which no rank has anything. An item of which some rank has something may be of another class than those of the others.</summary>
    private static IEnumerable<string> Lacking(List<ElsewhereItems> items, IEnumerable<string> names)
    {
        if (items.Count == 0) return [];
        var here = names.SelectMany(DottedName.Prefixes).ToHashSet(StringComparer.Ordinal);
        return
            from list in items
            from number in list.Numbers
            where !here.Contains($"{list.Path}{number}.")
            from name in list.Names.IsEmpty ? [""] : list.Names
            select name.Length == 0 ? $"{list.Path}{number}" : $"{list.Path}{number}.{name}";
    }

    /// <summary>What all ranks say alike, without what is said of their parts.</summary>
    private static Dictionary<string, string>? Metadata(List<Checkpoint> ranks)
    {
        var common = ranks[0].Metadata.Where(pair => !SliceMetadata.IsReserved(pair.Key) && ranks.TrueForAll(rank => rank.Metadata.TryGetValue(pair.Key, out var value) && value == pair.Value)).ToDictionary(StringComparer.Ordinal);
        return SliceMetadata.Merged(common, SliceMetadata.VersionOf(ranks[0].Metadata)) is { Count: > 0 } merged ? merged : null;
    }
}
