using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Books;

/// <summary>What a load or refit left out, and what it changed on the way, for the report. Not thread-safe.</summary>
/// <param name="names">The names that came.</param>
/// <param name="problems">What was wrong, and what was left alone.</param>
internal sealed class AccountSummary(ArrivedNames names, LoadProblems problems)
{
    private readonly Dictionary<(ModelTensor Tensor, torch.ScalarType To), StoredType> _converted = [];

    /// <summary>The tensors that were left alone by declaration, by name.</summary>
    public ImmutableArray<string> Ignored => [.. problems.Ignored];

    /// <summary>The tensors that say nothing of values by declaration, by name.</summary>
    public ImmutableArray<string> Unread => [.. problems.Unread];

    /// <summary>The tensors of which no parameter reads some elements, as it is declared: with these. Known when problems were asked for.</summary>
    public ImmutableArray<(string Name, string Unread)> PartReads { get; private set; } = [];

    /// <summary>The tensors that were taken of another type than their parameters have, in the order of the model.</summary>
    public IEnumerable<(string Name, StoredType From, torch.ScalarType To)> Converted =>
        _converted.OrderBy(change => change.Key.Tensor.Position).Select(change => (NameOf(change.Key.Tensor), change.Value, change.Key.To));

    /// <summary>Ignored tensors that stand beside one that was taken, with it.</summary>
    public IEnumerable<(string Ignored, string Loaded)> IgnoredBesideLoaded => IgnoredBeside.Of(problems.Ignored, names.All);

    /// <inheritdoc cref="ArrivedNames.NameOf"/>
    public string NameOf(ModelTensor tensor) => names.NameOf(tensor);

    /// <summary>Enters what a tensor is taken for.</summary>
    public void Enter(TensorUse use, Arrival arrival)
    {
        var to = use.Parameter.Bound.ModelType;
        if (arrival.Type.Blocks is not null || arrival.Type.Scalar != to) _converted[(use.Tensor, to)] = arrival.Type;
    }

    /// <summary>Enters the tensors of which no parameter reads some elements. Those that no ignore names are wrong.</summary>
    public List<LoadProblem> Enter(PartReads reads)
    {
        var all = reads.All().ToLookup(read => problems.IsIgnored(names.Known(read.Name)!));
        PartReads = [.. all[true].Select(read => (read.Name, read.Unread))];
        return [.. all[false].Select(read => new LoadProblem(LoadProblemKind.Unread, read.Name, read.Parameter.Name, "a parameter for every element, or an [Ignore] that names the tensor", $"none for {read.Unread}"))];
    }
}
