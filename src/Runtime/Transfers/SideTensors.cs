using System.Collections.Immutable;
using Lanyard.Encodings;

namespace Lanyard.Transfers;

/// <summary>Every checkpoint tensor of a side by name, with the parameters that have its elements.</summary>
internal sealed class SideTensors
{
    private readonly Dictionary<string, List<TensorHome>> _homes = new(StringComparer.Ordinal);
    private readonly ImmutableArray<SideModel> _models;
    private readonly string? _format;

    /// <param name="models">The models of the side, one for each pipeline stage.</param>
    /// <param name="format">The format to match by, or null.</param>
    public SideTensors(ImmutableArray<SideModel> models, string? format)
    {
        (_models, _format) = (models, format);
        var layouts = 0;
        foreach (var (kind, module) in models.SelectMany(model => model.Modules))
        {
            foreach (var parameter in module.Parameters.Where(parameter => parameter.Bound.IsPresent))
            {
                foreach (var declared in parameter.Formats)
                {
                    var (layout, prefix) = (kind.Layout(parameter, declared, ref layouts), module.Prefixes.Of(declared.Name));
                    for (var tensor = 0; tensor < layout.Tensors.Length; tensor++)
                    {
                        var name = prefix + layout.Tensors[tensor].Name;
                        if (!_homes.TryGetValue(name, out var homes)) _homes.Add(name, homes = new(1));
                        homes.Add(new TensorHome(parameter, layout, tensor));
                    }
                }
            }
        }
    }

    /// <summary>The parameters that have elements of a tensor that the other side wants, one format of each.</summary>
    /// <param name="wanted">The tensor, as the other side has it.</param>
    /// <param name="other">The other side's model, which may know other names of it.</param>
    /// <param name="problem">What is wrong, where there are none.</param>
    public IReadOnlyList<TensorHome> Find(TensorHome wanted, SideModel other, out TransferProblem? problem)
    {
        problem = null;
        var (name, shape, source) = (wanted.Name, wanted.Shape, wanted.Source);
        if (Named(name, other) is not { } homes)
        {
            problem = new TransferProblem(TransferProblemKind.Missing, name, $"a parameter of the source side with this tensor, for {wanted.Parameter.Name}", "none");
            return [];
        }
        var fitting = homes.FindAll(home => home.Shape.AsSpan().SequenceEqual(shape.AsSpan()));
        if (fitting.Count == 0)
        {
            problem = new TransferProblem(TransferProblemKind.WrongShape, name, $"{Memory.Shapes.Text(shape)} ({wanted.Parameter.Name})", $"{Memory.Shapes.Text(homes[0].Shape)} ({homes[0].Parameter.Name} of the source side)");
            return [];
        }
        if (fitting.FindAll(home => AreSameValues(source, home.Source)) is var same && same.Count == 0)
        {
            problem = new TransferProblem(TransferProblemKind.WrongValues, name, Values(source), $"{Values(fitting[0].Source)} ({fitting[0].Parameter.Name} of the source side)");
            return [];
        }
        if (same.Count == 1) return same;
        var chosen = new List<TensorHome>(1);
        foreach (var parameter in same.GroupBy(home => home.Parameter))
        {
            List<TensorHome> formats = [.. parameter];
            var named = formats.Find(home => home.Layout.Format == (_format ?? wanted.Layout.Format)) ?? formats[0];
            if (_format is null && named.Layout.Format != wanted.Layout.Format && formats.Exists(home => !home.Layout.IsAlike(home.Tensor, named.Layout, named.Tensor)))
            {
                problem = new TransferProblem(TransferProblemKind.WrongValues, name, $"one place in {named.Parameter.Name} of the source side", $"another place in each of the formats {string.Join(", ", formats.Select(home => $"\"{home.Layout.Format}\""))}: say which with TransferSide.Format");
                return [];
            }
            chosen.Add(named);
        }
        return chosen;
    }

    private List<TensorHome>? Named(string name, SideModel side)
    {
        if (_homes.GetValueOrDefault(name) is { } homes) return homes;

        // Ties, conventions and prefixes: as the models of either side know it.
        var other = side.Index;
        foreach (var known in other.Tensors.TryGetValue(name, out var tensor) ? tensor.SecondNames.Prepend(name) : [name])
        {
            foreach (var model in _models)
            {
                if (model.Index.Find(known).Tensor is { } found && _homes.GetValueOrDefault(found.Name) is { } there) return there;
                if (other.Prefix.Length > 0 && model.Index.Find(other.Prefix + known).Tensor is { } prefixed && _homes.GetValueOrDefault(prefixed.Name) is { } below) return below;
            }
        }
        return null;
    }

    /// <summary>Whether two declarations stand for the same values of a tensor: quantised forms do, whatever they store; functions of what is stored are what they say.</summary>
    private static bool AreSameValues(CheckpointSource left, CheckpointSource right)
    {
        var (own, other) = (TensorEncoding.Of(left), TensorEncoding.Of(right));
        return Equals(own.Declared, other.Declared) || !(IsFunction(own) || IsFunction(other));
    }

    private static bool IsFunction(TensorEncoding encoding) => encoding.IsShifted || encoding.Declared is { Companions: [], Layout.Type: CodeType.Number };

    private static string Values(CheckpointSource source) => TensorEncoding.Of(source).Declared is { } declared ? $"{declared.Name}, {declared.Value}" : "the values as they are stored";
}
