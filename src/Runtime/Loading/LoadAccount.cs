using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard;

/// <summary>The books of one load or refit: which tensors came, what was wrong with them, what is still missing. Not thread-safe.</summary>
internal sealed class LoadAccount(ModelIndex index, LoadOptions options)
{
    private readonly HashSet<ModelTensor> _seen = [];
    private readonly List<LoadProblem> _problems = [.. index.Unmapped];
    private bool _prefixed;

    /// <summary>The tensors that were admitted.</summary>
    public IReadOnlyCollection<ModelTensor> Seen => _seen;

    /// <summary>Enters a tensor. Returns its place, or null where nothing is to be written: it is wrong, ignored by declaration, or another rank's.</summary>
    public ModelTensor? Admit(string name, ImmutableArray<long> shape, torch.ScalarType type)
    {
        if (index.Find(name) is not { } tensor)
        {
            if (!index.Ignores(name)) _problems.Add(new LoadProblem(LoadProblemKind.Unexpected, name, Nearest: NearestName.Of(name, index.Tensors.Keys)));
            return null;
        }
        _prefixed |= name.Length > tensor.Name.Length;
        var parameter = tensor.Uses.FirstOrDefault()?.Parameter.Name;
        if (!_seen.Add(tensor))
        {
            _problems.Add(new LoadProblem(LoadProblemKind.Duplicate, name, parameter));
            return null;
        }

        var problems = _problems.Count;
        if (!shape.AsSpan().SequenceEqual(tensor.Shape.AsSpan()))
            _problems.Add(new LoadProblem(LoadProblemKind.WrongShape, name, parameter, Shapes.Text(tensor.Shape), Shapes.Text(shape)));
        foreach (var use in tensor.Uses)
        {
            var to = use.Parameter.Bound.ModelType;
            if (!ElementTypes.Fits(type, to, options)) _problems.Add(new LoadProblem(LoadProblemKind.WrongType, name, use.Parameter.Name, $"{to}", $"{type}"));
        }
        return problems == _problems.Count && tensor.Uses.Count > 0 ? tensor : null;
    }

    /// <summary>Whether any tensor of the parameter came.</summary>
    public bool Touches(ModelParameter parameter) => parameter.Formats.Any(format => format.Tensors.Exists(_seen.Contains));

    /// <summary>Everything wrong: with what came, and with what did not.</summary>
    /// <param name="missing">What the parameters that must be whole still need.</param>
    public ImmutableArray<LoadProblem> Problems(IEnumerable<LoadProblem> missing) => [.. _problems.Concat(Mixed()).Concat(missing).Distinct()];

    private IEnumerable<LoadProblem> Mixed() =>
        from parameter in index.Parameters
        let formats = parameter.Formats.Where(format => format.Tensors.Exists(_seen.Contains)).ToList()
        where formats.Count > 1
        select new LoadProblem(LoadProblemKind.MixedFormats, string.Join(" and ", formats.Select(format => Full(format.Tensors.First(_seen.Contains)))), parameter.Name, "one format of the parameter");

    /// <summary>The tensors that a parameter still needs to be whole, in the format that was begun, or the first.</summary>
    public IEnumerable<LoadProblem> Missing(ModelParameter parameter)
    {
        var format = parameter.Formats.Find(format => format.Tensors.Exists(_seen.Contains)) ?? parameter.Formats.FirstOrDefault();
        return format is null ? [] : format.Tensors.Where(tensor => !_seen.Contains(tensor)).Select(tensor => new LoadProblem(LoadProblemKind.Missing, Full(tensor), parameter.Name));
    }

    private string Full(ModelTensor tensor) => _prefixed ? index.Prefix + tensor.Name : tensor.Name;
}
