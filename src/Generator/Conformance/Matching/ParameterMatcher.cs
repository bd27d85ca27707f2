using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Finds in which of its formats a list has a parameter.</summary>
/// <param name="list">The list.</param>
internal sealed class ParameterMatcher(CheckedList list)
{
    /// <summary>Reads the parameters of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="without">The parameters that the model does not have.</param>
    /// <returns>Each with what the list has of it; null where nothing stored fills it, or the model does not have it.</returns>
    public IReadOnlyList<(DescribedParameter Parameter, FormatReading? Reading)> Read(MatchedModule module, IReadOnlyCollection<string> without)
    {
        var read = new List<(DescribedParameter, FormatReading?)>();
        foreach (var parameter in module.Class.Parameters)
        {
            var reading = parameter.Sources.IsEmpty ? null : Read(module, parameter);
            if (without.Contains(parameter.Property))
            {
                foreach (var (row, _) in reading?.Claims ?? []) module.Declined[row] = $"{module.Class.ShortName}.{parameter.Property}";
                reading = null;
            }
            read.Add((parameter, reading));
        }
        return read;
    }

    /// <summary>Enters what parameters take, and what is wrong.</summary>
    /// <param name="module">The module.</param>
    /// <param name="read">The parameters, with what the list has of each.</param>
    /// <param name="wanted">Those that the list has nothing of, though an instance has them, with why.</param>
    public static void Enter(MatchedModule module, IReadOnlyList<(DescribedParameter Parameter, FormatReading? Reading)> read, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var (parameter, reading) in read)
        {
            var isThere = reading is { Present: > 0 };
            module.Parameters.Add(new MatchedParameter(parameter, isThere ? reading!.Sources : []));
            if (isThere) Enter(module, parameter, reading!);
            else if (reading is null) continue;
            else if (wanted.TryGetValue(parameter.Property, out var why)) EnterMissing(module, parameter, reading, why);
            else if (!parameter.MayBeAbsent && parameter.When is null) EnterMissing(module, parameter, reading, "");
        }
    }

    private FormatReading Read(MatchedModule module, DescribedParameter parameter)
    {
        var readings = Layouts(module, parameter).Select(layout => (layout[0][0].Format, Reading: FormatReading.Read(list, module.Class, parameter, layout, module.Names))).ToList();
        var best = readings.Select(static read => read.Reading).Aggregate(static (best, reading) => IsBetter(reading, best) ? reading : best);

        // Of formats that the list has nothing of, the one is spoken of whose names begin as others do that are there.
        return best.Present > 0 ? best : readings.Find(read => !list.List.Below(module.Names.Of(read.Format).Text).IsEmpty).Reading ?? best;
    }

    private static bool IsBetter(FormatReading reading, FormatReading other)
    {
        if (reading.Present == 0 || other.Present == 0) return reading.Present > other.Present;
        if (reading.IsComplete != other.IsComplete) return reading.IsComplete;
        if (reading.IsComplete) return reading.Claims.Count > other.Claims.Count;
        return reading.Present * (other.Lacks.Count + other.Problems.Count) > other.Present * (reading.Lacks.Count + reading.Problems.Count);
    }

    /// <summary>The formats, those together that take the same elements out of the same tensors.</summary>
    private static IEnumerable<IReadOnlyList<ImmutableArray<DescribedSource>>> Layouts(MatchedModule module, DescribedParameter parameter)
    {
        var layouts = new List<(List<string> Key, List<ImmutableArray<DescribedSource>> Formats)>();
        foreach (var format in parameter.Sources.GroupBy(static source => source.Format))
        {
            ImmutableArray<DescribedSource> sources = [.. format.OrderBy(static source => source.Name, StringComparer.Ordinal).ThenBy(static source => source.Part, StringComparer.Ordinal)];
            List<string> key = [.. sources.SelectMany(source => new[] { module.Names.Of(source.Format).Text + source.Name, source.Pattern, source.Part ?? "" })];
            if (layouts.Find(layout => layout.Key.SequenceEqual(key)).Formats is { } alike) alike.Add(sources);
            else layouts.Add((key, [sources]));
        }
        return layouts.Select(static layout => layout.Formats);
    }

    private static void Enter(MatchedModule module, DescribedParameter parameter, FormatReading reading)
    {
        module.Claims.AddRange(reading.Claims);
        module.Problems.AddRange(reading.Problems);
        foreach (var lack in reading.Lacks.GroupBy(static lack => lack.Source))
        {
            var names = lack.Select(static one => $"{one.Name}").Distinct().ToList();
            module.Problems.Add(new ConformanceProblem(
                ProblemKind.Missing,
                ProblemPlace.Of(module.Class.Name, parameter.Property, lack.Key.Index, isName: true),
                $"{string.Join(", ", names)} {(names.Count == 1 && !names[0].Contains("..") && !names[0].Contains(',') ? "is" : "are")} not in the list, which has other tensors of {module.Class.ShortName}.{parameter.Property}")
            {
                Name = lack.First().Name.First,
                Written = lack.Key.Name,
                Others = [.. reading.Sources.SelectMany(static source => source.Tensors).Take(1).Select(static tensor => ProblemPlace.Name(tensor.Found.Tensor))],
            });
        }
    }

    private static void EnterMissing(MatchedModule module, DescribedParameter parameter, FormatReading reading, string why)
    {
        var (source, name) = reading.Lacks[0];
        module.Problems.Add(new ConformanceProblem(
            ProblemKind.Missing,
            ProblemPlace.Of(module.Class.Name, parameter.Property, source.Index, isName: true),
            $"nothing in the list fills {module.Class.ShortName}.{parameter.Property}: there is no {name}{why}")
        {
            Name = name.First,
            Written = source.Name,
        });
    }
}
