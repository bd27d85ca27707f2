using System.Collections.Immutable;

namespace Lanyard.Index;

/// <summary>A checkpoint tensor that a model has a place for.</summary>
internal sealed class ModelTensor(string name, int position)
{
    private PlacedTensor? _whole;

    /// <summary>The position among all tensors of the model.</summary>
    public int Position { get; } = position;

    /// <summary>The usual full name, without the model's optional prefix.</summary>
    public string Name { get; } = name;

    /// <summary>The names in the other ways of naming, in their order; default where there are none.</summary>
    public ImmutableArray<string> OtherNames { get; init; }

    /// <summary>Where its elements go, in every format that has it; no slots where another rank holds them all.</summary>
    public List<TensorUse> Uses { get; } = new(1);

    /// <summary>The uses of other tensors that it stands beside: as scales, zero points, a table.</summary>
    public List<TensorUse> Serves { get; } = new(0);

    /// <summary>Whether it has companions or is one, in any format.</summary>
    public bool IsEncoded => Serves.Count > 0 || Uses.Exists(use => !use.Companions.IsEmpty);

    /// <summary>What the whole tensor is taken for, where it is of one use: the same every time.</summary>
    public PlacedTensor Whole => _whole ??= new PlacedTensor(this, [.. Uses]);

    /// <summary>Other names of the tensor, for tied weights.</summary>
    public ImmutableArray<string> Aliases { get; set; } = [];

    /// <summary>Whether it has several names, the root's optional prefix aside.</summary>
    public bool HasSeveralNames => !Aliases.IsEmpty || (!OtherNames.IsDefault && OtherNames.Any(name => name != Name));

    /// <summary>All names but the usual one, the root's optional prefix aside.</summary>
    public IEnumerable<string> SecondNames => OtherNames.IsDefault ? Aliases : OtherNames.Concat(Aliases).Where(name => name != Name).Distinct();

    /// <summary>The name in a way of naming.</summary>
    public string NameIn(int way) => way == 0 ? Name : OtherNames[way - 1];
}
