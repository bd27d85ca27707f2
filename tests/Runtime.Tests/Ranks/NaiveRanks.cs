using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Ranks;

/// <summary>
/// What ranks of a <see cref="RandomModel"/> must hold and export, position by position. The value of an element follows from its
/// identity alone, so that it is the same in every format.
/// </summary>
internal sealed class NaiveRanks
{
    private readonly RandomModel _model;
    private readonly NaiveNotation _notation;
    private readonly List<Dictionary<string, int>> _numbers = [];

    public NaiveRanks(RandomModel model)
    {
        (_model, _notation) = (model, new NaiveNotation(model.Sizes, model.Labels));
        var next = 0;
        foreach (var entry in model.Map.Parameters) _numbers.Add(_notation.Whole(entry.Pattern).Elements.OfType<string>().ToDictionary(identity => identity, _ => next++));
    }

    /// <summary>The whole tensors of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="first">The value of the first element of the model.</param>
    public Dictionary<string, Tensor> Tensors(string format, int first)
    {
        var tensors = new Dictionary<string, (long[] Shape, float[] Values)>();
        foreach (var (parameter, source) in Sources(format))
        {
            var (shape, elements) = _notation.Whole(source.Pattern);
            var numbers = Numbers(parameter, source.Part);
            foreach (var (name, place) in _notation.Names(source.Name))
            {
                if (!tensors.TryGetValue(name, out var tensor)) tensors.Add(name, tensor = (shape, new float[elements.Length]));
                for (var i = 0; i < elements.Length; i++)
                {
                    if (numbers.TryGetValue(NaiveNotation.Join(NaiveNotation.Join(place, elements[i]!), Tag(source.Part)), out var number)) tensor.Values[i] = first + number;
                }
            }
        }
        return tensors.ToDictionary(item => item.Key, item => torch.tensor(item.Value.Values).reshape(item.Value.Shape));
    }

    /// <summary>What a rank exports of whole tensors: of each axis the indices held, ascending, each once, and without padding.</summary>
    public Dictionary<string, Tensor> Slices(string format, Dictionary<string, Tensor> whole, int tensor, int expert)
    {
        int?[] Ascending(string axis) => [.. _model.Held(tensor, expert)(axis).OfType<int>().Distinct().Order().Select(index => (int?)index)];
        var slices = new Dictionary<string, Tensor>();
        foreach (var (_, source) in Sources(format).DistinctBy(use => use.Source.Name))
        {
            var (shape, elements) = _notation.Array(source.Pattern, Ascending);
            var positions = _notation.Whole(source.Pattern).Elements.Select((identity, i) => (identity, i)).ToDictionary(item => item.identity!, item => item.i);
            var all = _notation.Array(string.Join(' ', source.Name.Split('{', '}').Where((_, i) => i % 2 == 1).Select(hole => $"({hole.Split(" + ")[0]})")), Ascending).Elements;
            if (elements.Length == 0) continue;
            foreach (var (name, _) in _notation.Names(source.Name).Where(item => all.Contains(item.Identity)))
            {
                var values = whole[name].flatten().data<float>().ToArray();
                slices.Add(name, torch.tensor(elements.Select(identity => values[positions[identity!]]).ToArray()).reshape(shape));
            }
        }
        return slices;
    }

    /// <summary>Checks every element and all padding that a rank holds.</summary>
    public void Check(RandomRank rank, int tensor, int expert, int first)
    {
        foreach (var parameter in rank)
        {
            var (shape, elements) = _notation.Array(parameter.Entry.Storage, _model.Held(tensor, expert));
            Assert.Equal(shape, parameter.Value.shape);
            float[] expected = [.. elements.Select(identity => identity is null ? 0f : first + _numbers[parameter.Entry.Index][identity])];
            using var flat = parameter.Value.flatten();
            Assert.Equal(expected, flat.data<float>().ToArray());
        }
    }

    /// <summary>The tensors of a format that have an element, on a rank, of one of some indices.</summary>
    /// <param name="format">The format.</param>
    /// <param name="words">The indices: <c>experts=3</c>.</param>
    /// <param name="tensor">The tensor-parallel rank.</param>
    /// <param name="expert">The expert-parallel rank.</param>
    public IEnumerable<string> Of(string format, HashSet<string> words, int tensor, int expert) =>
        (from use in Sources(format)
         let held = _notation.Array(_model.Map.Parameters[use.Parameter].Storage, _model.Held(tensor, expert)).Elements.OfType<string>().Select(identity => NaiveNotation.Join(identity, Tag(use.Source.Part))).ToHashSet()
         let elements = _notation.Whole(use.Source.Pattern).Elements
         from name in _notation.Names(use.Source.Name)
         where elements.Select(element => NaiveNotation.Join(NaiveNotation.Join(name.Identity, element!), Tag(use.Source.Part))).Any(identity => held.Contains(identity) && identity.Split(' ').Any(words.Contains))
         select name.Name).Distinct();

    private IEnumerable<(int Parameter, CheckpointSource Source)> Sources(string format) =>
        from entry in _model.Map.Parameters from source in entry.Sources where source.Format == format select (entry.Index, source);

    /// <summary>The numbers of a parameter's elements, read as lying in a part.</summary>
    private Dictionary<string, int> Numbers(int parameter, string? part) =>
        _numbers[parameter].ToDictionary(item => NaiveNotation.Join(item.Key, Tag(part)), item => item.Value);

    private static string Tag(string? part) => part is null ? "" : $"#{part}";
}
