namespace Lanyard.Checkpoints;

/// <summary>Which tensors of some files a checkpoint has.</summary>
/// <param name="tensors">The tensors by name.</param>
/// <param name="passedOver">Those of the files that it does not have.</param>
/// <param name="problems">What is wrong with the files together.</param>
internal sealed class TensorTable(Dictionary<string, CheckpointTensor> tensors, IReadOnlyList<CheckpointTensor> passedOver, IReadOnlyList<string> problems)
{
    public Dictionary<string, CheckpointTensor> Tensors { get; } = tensors;

    public IReadOnlyList<CheckpointTensor> PassedOver { get; } = passedOver;

    public IReadOnlyList<string> Problems { get; } = problems;

    /// <summary>All tensors of files without an index.</summary>
    public static TensorTable Of(SortedDictionary<string, CheckpointFile> files)
    {
        List<string> problems = [];
        PieceTable pieces = PieceTable.Of(files, problems);

        if (problems.Count > 0)
        {
            return new TensorTable([], [], problems);
        }

        // Of a single file the dictionary of its header, which nobody else changes: no copy of its thousands of entries.
        if (files.Count == 1 && pieces.IsEmpty)
        {
            return new TensorTable(files.Values.First().Header.Tensors, [], problems);
        }

        Dictionary<string, CheckpointTensor> tensors = new(files.Values.Sum(file => file.Header.Tensors.Count), StringComparer.Ordinal);
        SortedDictionary<string, List<string>> twice = new(StringComparer.Ordinal);
        foreach (CheckpointTensor tensor in files.Values.SelectMany(file => file.Header.Tensors.Values).Where(tensor => pieces.NameOf(tensor) is null))
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                if (!twice.TryGetValue(tensor.Name, out List<string>? holders))
                {
                    twice.Add(tensor.Name, holders = [tensors[tensor.Name].File]);
                }

                holders.Add(tensor.File);
            }
        }

        problems.AddRange(twice.Select(pair => $"tensor {JsonCursor.Quote(pair.Key)} is in {string.Join(" and in ", pair.Value)}."));
        foreach (string name in pieces.Names)
        {
            if (tensors.TryGetValue(name, out CheckpointTensor? known))
            {
                problems.Add($"tensor {JsonCursor.Quote(name)} is whole in {known.File}, and in pieces in {string.Join(" and in ", pieces.Holders(name))}.");
            }
            else if (pieces.Whole(name, problems) is CheckpointTensor whole)
            {
                tensors.Add(name, whole);
            }
        }

        return new TensorTable(tensors, [], problems);
    }

    /// <summary>The tensors that an index names, each in the file that it names.</summary>
    /// <param name="files">The files that could be opened.</param>
    /// <param name="index">For each tensor, the name of its file.</param>
    /// <param name="strict">Whether nothing may be passed over.</param>
    public static TensorTable Of(SortedDictionary<string, CheckpointFile> files, Dictionary<string, string> index, bool strict)
    {
        Dictionary<string, CheckpointTensor> tensors = new(index.Count, StringComparer.Ordinal);
        SortedSet<string> lost = new(StringComparer.Ordinal);
        HashSet<string> whole = new(StringComparer.Ordinal);
        List<string> problems = [];
        PieceTable pieces = PieceTable.Of(files, problems);
        foreach ((string name, string file) in index)
        {
            if (files.TryGetValue(file, out CheckpointFile? opened))
            {
                // Where a file has a piece of it, the others are in the others.
                if (!pieces.IsEmpty && pieces.Holders(name).Contains(file))
                {
                    whole.Add(name);
                    if (pieces.Whole(name, problems) is CheckpointTensor made)
                    {
                        tensors.Add(name, made);
                    }
                }
                else if (opened.Header.Tensors.TryGetValue(name, out CheckpointTensor? tensor))
                {
                    tensors.Add(name, tensor);
                }
                else
                {
                    lost.Add(name);
                }
            }
        }

        // Mostly there are none.
        List<CheckpointTensor> others = files.Values.Sum(file => file.Header.Tensors.Count) == tensors.Count ? []
            : [.. files.Values.SelectMany(file => file.Header.Tensors.Values).Where(tensor => pieces.NameOf(tensor) is string name ? !whole.Contains(name) : whole.Contains(tensor.Name) || index.GetValueOrDefault(tensor.Name) != tensor.File)];
        ILookup<string, string> holders = others.ToLookup(tensor => tensor.Name, tensor => tensor.File, StringComparer.Ordinal);
        problems.AddRange(lost.Select(name => holders.Contains(name)
            ? $"tensor {JsonCursor.Quote(name)} is in {string.Join(" and in ", holders[name])}, the index says {index[name]}."
            : $"tensor {JsonCursor.Quote(name)} is not in {index[name]}, where the index says it is."));
        foreach (IGrouping<string, string> held in holders.Where(held => !lost.Contains(held.Key)).OrderBy(held => held.Key, StringComparer.Ordinal))
        {
            string where = string.Join(" and in ", held);
            if (!index.TryGetValue(held.Key, out string? named))
            {
                if (strict || held.Skip(1).Any())
                {
                    problems.Add($"tensor {JsonCursor.Quote(held.Key)} is in {where}, but not in the index.");
                }
            }
            else if (strict)
            {
                problems.Add($"tensor {JsonCursor.Quote(held.Key)} is in {where}, the index says {named}.");
            }
        }

        return new TensorTable(tensors, others, problems);
    }
}
