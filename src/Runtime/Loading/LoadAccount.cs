using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard;

/// <summary>The books of one load or refit: which tensors came, what was wrong with them, what is still missing. Not thread-safe.</summary>
internal sealed class LoadAccount(ModelIndex index, LoadOptions options)
{
    private readonly Dictionary<ModelTensor, string> _names = [];
    private readonly HashSet<(ParameterFormat, ModelTensor)> _taken = [];
    private readonly HashSet<ModelTensor> _patched = [];
    private readonly HashSet<IgnoreEntry> _ignored = [];
    private readonly List<LoadProblem> _problems = [.. index.Unmapped];
    private bool _prefixed;

    /// <summary>The number of tensors that came and have a place.</summary>
    public int Tensors => _names.Count;

    /// <summary>Enters a tensor. Returns what it is taken for, or null where nothing is to be written: it is wrong, ignored by declaration, or a second name of a tied one.</summary>
    public Admission? Admit(string name, ImmutableArray<long> shape, torch.ScalarType type)
    {
        if (index.Find(name) is not { } tensor)
        {
            var ignores = index.Ignoring(name).ToList();
            _ignored.UnionWith(ignores);
            if (ignores.Count == 0) Report(LoadProblemKind.Unexpected, name, null, nearest: NearestName.Of(name, index.Tensors.Keys));
            return null;
        }
        _prefixed |= index.Prefix.Length > 0 && name.StartsWith(index.Prefix, StringComparison.Ordinal) && !index.Tensors.ContainsKey(name);
        if (!_names.TryAdd(tensor, name))
        {
            if (!IsTied(tensor, name)) Report(LoadProblemKind.Duplicate, name, Parameter(tensor));
            return null;
        }
        return Take(tensor, name, shape, type);
    }

    /// <summary>Enters a patch of some elements. Returns what the tensor is taken for, or null where the patch is wrong.</summary>
    /// <param name="name">The full name of the checkpoint tensor.</param>
    /// <param name="type">The type of the values.</param>
    /// <param name="wrong">What is wrong with the elements themselves, given the number of elements of the tensor; null where nothing is.</param>
    public Admission? AdmitPatch(string name, torch.ScalarType type, Func<long, string?> wrong)
    {
        if (index.Find(name) is not { } tensor)
        {
            Report(LoadProblemKind.Unexpected, name, null, nearest: NearestName.Of(name, index.Tensors.Keys));
            return null;
        }
        var problems = _problems.Count;
        if (_names.ContainsKey(tensor) && !_patched.Contains(tensor)) Report(LoadProblemKind.Duplicate, name, Parameter(tensor));
        if (tensor.Scales.Count > 0) Report(LoadProblemKind.WrongPatch, name, Parameter(tensor), "a tensor of elements", "scales");
        var uses = tensor.Uses.GroupBy(use => use.Parameter).Select(uses => uses.FirstOrDefault(use => use.Format.Name == options.Format) ?? uses.First()).ToImmutableArray();
        foreach (var use in uses)
        {
            if (!use.Encoding.IsPlain) Report(LoadProblemKind.WrongPatch, name, use.Parameter.Name, "a whole tensor", "elements of an encoded source");
            else if (!ElementTypes.Fits(type, use.Parameter.Bound.ModelType, use.Narrow || options.AllowNarrowing)) Report(LoadProblemKind.WrongType, name, use.Parameter.Name, ElementTypes.Name(use.Parameter.Bound.ModelType), ElementTypes.Name(type));
            if (wrong(use.Shape.Aggregate(1L, (count, size) => count * size)) is { } reason) Report(LoadProblemKind.WrongPatch, name, use.Parameter.Name, found: reason);
        }
        if (problems != _problems.Count) return null;
        _names.TryAdd(tensor, name);
        _patched.Add(tensor);
        foreach (var use in uses) _taken.Add((use.Format, tensor));
        return new Admission(tensor, uses);
    }

    /// <summary>Patches of parameters that a post-load method replaced: nothing is left to patch.</summary>
    private IEnumerable<LoadProblem> LostPatches() =>
        from tensor in _patched
        from use in tensor.Uses
        where use.Parameter.Bound.IsTransformed && _taken.Contains((use.Format, tensor))
        select new LoadProblem(LoadProblemKind.WrongPatch, Full(tensor), use.Parameter.Name, "whole tensors", $"elements, of which {use.Parameter.Bound.MadeBy} has left nothing");

    /// <summary>Whether the name is the second name of a tensor that came under its other one.</summary>
    private bool IsTied(ModelTensor tensor, string name) =>
        tensor.Alias is not null && _names.TryGetValue(tensor, out var first) && IsAlias(tensor, first) != IsAlias(tensor, name);

    /// <summary>Enters that the two names of a tied tensor came with different bits.</summary>
    public void ReportTied(ModelTensor tensor) =>
        Report(LoadProblemKind.TiedDiffer, Full(tensor), Parameter(tensor), $"the same bits as {tensor.Alias}");

    /// <summary>Whether any tensor of the parameter came.</summary>
    public bool Touches(ModelParameter parameter) => parameter.Formats.Any(Touches);

    /// <summary>Everything wrong: with what came, and with what did not.</summary>
    /// <param name="missing">What the parameters that must be whole still need.</param>
    public ImmutableArray<LoadProblem> Problems(IEnumerable<LoadProblem> missing) => [.. _problems.Concat(Mixed()).Concat(LostPatches()).Concat(missing).Distinct()];

    /// <summary>Declared ignores that no tensor needed.</summary>
    public IEnumerable<LoadProblem> UnusedIgnores() =>
        index.RequiredIgnores.Where(entry => !_ignored.Contains(entry)).Select(entry => new LoadProblem(LoadProblemKind.UnusedIgnore, entry.Pattern, Expected: "a tensor to ignore"));

    /// <summary>The tensors that a parameter still needs to be whole, in the format that was begun, or the first.</summary>
    public IEnumerable<LoadProblem> Missing(ModelParameter parameter)
    {
        var format = parameter.Formats.Find(Touches) ?? parameter.Formats.FirstOrDefault();
        return format is null ? [] : format.Tensors.Where(tensor => !_names.ContainsKey(tensor)).Select(tensor => new LoadProblem(LoadProblemKind.Missing, Full(tensor), parameter.Name));
    }

    private static bool IsAlias(ModelTensor tensor, string name) => name.EndsWith(tensor.Alias!, StringComparison.Ordinal);

    private static string? Parameter(ModelTensor tensor) => tensor.Uses.Concat(tensor.Scales).FirstOrDefault()?.Parameter.Name;

    private Admission? Take(ModelTensor tensor, string name, ImmutableArray<long> shape, torch.ScalarType type)
    {
        var problems = _problems.Count;
        var uses = ImmutableArray.CreateBuilder<TensorUse>();
        foreach (var parameter in tensor.Uses.GroupBy(use => use.Parameter))
        {
            var shaped = parameter.Where(use => use.Stored.AsSpan().SequenceEqual(shape.AsSpan())).ToList();
            var fitting = shaped.FindAll(use => use.Encoding.Takes(type, parameter.Key.Bound.ModelType, use.Narrow || options.AllowNarrowing));
            if (fitting.Count > 1 && options.Format is { } format) fitting.RemoveAll(use => use.Format.Name != format);
            if (fitting.Count == 1)
            {
                uses.Add(fitting[0]);
                _taken.Add((fitting[0].Format, tensor));
            }
            else if (fitting.Count > 1)
            {
                Report(LoadProblemKind.Ambiguous, name, parameter.Key.Name, "LoadOptions.Format to name one of the formats " + string.Join(", ", fitting.Select(use => $"\"{use.Format.Name}\"")));
            }
            else if (shaped.Count == 0)
            {
                Report(LoadProblemKind.WrongShape, name, parameter.Key.Name, string.Join(" or ", parameter.Select(use => Shapes.Text(use.Stored)).Distinct()), Shapes.Text(shape));
            }
            else
            {
                Report(LoadProblemKind.WrongType, name, parameter.Key.Name, Expected(shaped[0], parameter.Key.Bound.ModelType), ElementTypes.Name(type));
            }
        }
        foreach (var use in tensor.Scales)
        {
            var shapes = use.Encoding.ScaleShapes(use.Shape);
            if (!shapes.Any(expected => expected.AsSpan().SequenceEqual(shape.AsSpan())))
                Report(LoadProblemKind.WrongShape, name, use.Parameter.Name, string.Join(" or ", shapes.Select(Shapes.Text)), Shapes.Text(shape));
            else if (!use.Encoding.TakesScale(type))
                Report(LoadProblemKind.WrongType, name, use.Parameter.Name, "a scale", ElementTypes.Name(type));
            else
                _taken.Add((use.Format, tensor));
        }
        return problems == _problems.Count ? new Admission(tensor, uses.ToImmutable()) : null;
    }

    private static string Expected(TensorUse use, torch.ScalarType type) =>
        use.Encoding.Packing == Packing.Mxfp4 ? "U8" : use.Encoding.Scaled ? "F8_E4M3, F8_E5M2 or I8" : ElementTypes.Name(type);

    private bool Touches(ParameterFormat format) => format.Tensors.Exists(tensor => _taken.Contains((format, tensor)));

    private IEnumerable<LoadProblem> Mixed() =>
        from parameter in index.Parameters
        let formats = parameter.Formats.Where(Touches).ToList()
        where formats.Count > 1
        select new LoadProblem(LoadProblemKind.MixedFormats, string.Join(" and ", formats.Select(format => Full(format.Tensors.First(tensor => _taken.Contains((format, tensor)))))), parameter.Name, "one format of the parameter");

    private void Report(LoadProblemKind kind, string tensor, string? parameter, string? expected = null, string? found = null, string? nearest = null) =>
        _problems.Add(new LoadProblem(kind, tensor, parameter, expected, found, nearest));

    private string Full(ModelTensor tensor) => _prefixed ? index.Prefix + tensor.Name : tensor.Name;
}
