using Lanyard.Books;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Names;
using Lanyard.Parts;

namespace Lanyard.Updates;

/// <summary>The tensors of a checkpoint that a model takes: all, or, where the model is a part of a tree, those below a prefix, by the rest of their names.</summary>
internal sealed class CheckpointPart
{
    private const int MaxShown = 5;

    private readonly string _prefix;
    private readonly Checkpoint? _checkpoint;
    private readonly StoredSlices? _slices;

    /// <summary>The tensors of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="below">As for tensors without one.</param>
    /// <exception cref="LoadException">No name begins with the prefix.</exception>
    /// <exception cref="CheckpointException">What its files say of slices cannot be understood.</exception>
    public CheckpointPart(Checkpoint checkpoint, string? below)
        : this(checkpoint.Tensors.Values, below, checkpoint.Path) => (_checkpoint, _slices) = (checkpoint, StoredSlices.Of(checkpoint));

    /// <param name="tensors">The tensors of the whole checkpoint.</param>
    /// <param name="below">The prefix, with its last dot or without; null for none.</param>
    /// <param name="path">Where the checkpoint is, for messages, or null.</param>
    /// <exception cref="LoadException">No name begins with the prefix.</exception>
    public CheckpointPart(IEnumerable<CheckpointTensor> tensors, string? below, string? path)
    {
        _prefix = string.IsNullOrEmpty(below) || below.EndsWith('.') ? below ?? "" : below + ".";
        CheckpointTensor[] all = [.. tensors];
        Tensors = _prefix.Length == 0 ? all : Array.FindAll(all, tensor => tensor.Name.StartsWith(_prefix, StringComparison.Ordinal));
        Stored = Array.Exists(Tensors, tensor => !tensor.Pieces.IsEmpty) ? [.. Tensors.SelectMany(tensor => tensor.Pieces.IsEmpty ? [tensor] : tensor.Pieces)] : Tensors;
        PassedOver = all.Where(tensor => !tensor.Name.StartsWith(_prefix, StringComparison.Ordinal)).Select(tensor => tensor.Name);
        Place = _prefix.Length == 0 ? path : $"{(path is null ? "" : path + " ")}below {_prefix}";
        if (_prefix.Length > 0 && Tensors.Length == 0) throw new LoadException("Nothing was changed.", [Problem(all)], path);
    }

    /// <summary>The tensors.</summary>
    public CheckpointTensor[] Tensors { get; }

    /// <summary>What files have of them: those in pieces piece by piece, one after another.</summary>
    public CheckpointTensor[] Stored { get; private set; }

    /// <summary>The names of those that the checkpoint has beside them.</summary>
    public IEnumerable<string> PassedOver { get; }

    /// <summary>Where they are, for messages, or null.</summary>
    public string? Place { get; }

    /// <summary>Cuts shards that are joined and have other sizes than the model's into pieces of those.</summary>
    /// <param name="index">The model.</param>
    /// <param name="find">Finds what comes under a name.</param>
    public void Cut(ModelIndex index, Func<string, ModelTensor?> find)
    {
        if (index.Joined.Count == 0) return;
        var pieces = CutShards.Of(index, Array.FindAll(Tensors, tensor => _slices?[tensor] is null), tensor => find(NameOf(tensor)));
        if (pieces.Count > 0) Stored = [.. Stored.SelectMany(tensor => pieces.TryGetValue(tensor, out var own) ? own : [tensor])];
    }

    /// <summary>The name that the model knows a tensor by.</summary>
    public string NameOf(CheckpointTensor tensor) => _prefix.Length == 0 ? tensor.Name : tensor.Name[_prefix.Length..];

    /// <summary>What comes of a stored tensor or piece.</summary>
    /// <param name="stored">The tensor.</param>
    /// <param name="index">The model.</param>
    /// <param name="find">Finds what comes under a name.</param>
    /// <param name="remembered">The names of those that are remembered; null for all.</param>
    public Arrival ArrivalOf(CheckpointTensor stored, ModelIndex index, Func<string, ModelTensor?> find, HashSet<string>? remembered = null)
    {
        var name = NameOf(stored);
        var slice = _slices?[stored];
        var arrival = new Arrival(name, stored.Shape, StoredType.Of(stored.DType)) { Start = stored.Start, Whole = stored.Place?.Whole ?? default, IsRemembered = remembered?.Contains(name) ?? true, IsSlice = slice is not null, Slice = slice, Origin = _checkpoint is null ? null : new ViewOrigin(_checkpoint, stored) };
        return slice is null ? arrival : arrival.Simplified(find(name), index);
    }

    private LoadProblem Problem(CheckpointTensor[] all)
    {
        var known = all.SelectMany(tensor => DottedName.Prefixes(tensor.Name)).ToHashSet(StringComparer.Ordinal);

        // As far as the prefix leads to something, what that has.
        var above = DottedName.Prefixes(_prefix).LastOrDefault(known.Contains) ?? "";
        var first = NameFolding.Shown(known.Where(prefix => prefix.Length > above.Length && prefix.StartsWith(above, StringComparison.Ordinal) && prefix.IndexOf('.', above.Length) == prefix.Length - 1).Select(prefix => prefix[..^1]).Order(StringComparer.Ordinal)).ConvertAll(prefix => prefix + ".");
        return new LoadProblem(
            LoadProblemKind.Missing,
            _prefix,
            Expected: "tensors whose names begin so",
            Found: first.Count == 0 ? "names without a dot" : $"names that begin with {string.Join(", ", first.Take(MaxShown))}{(first.Count > MaxShown ? " and others" : "")}",
            Nearest: NameMatches.Nearest(_prefix[..^1], [.. known.Select(prefix => prefix[..^1])]) is { } nearest ? nearest + "." : null);
    }
}
