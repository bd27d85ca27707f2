using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Finds in which of its formats a list has a parameter.</summary>
/// <param name="list">The list.</param>
internal sealed class ParameterMatcher(CheckedList list)
{
    /// <summary>Matches the parameters of a module, and enters what they take and what is wrong.</summary>
    /// <param name="module">The module.</param>
    /// <param name="without">The parameters that the model does not have.</param>
    public void Match(MatchedModule module, IReadOnlyCollection<string> without)
    {
        var present = new Dictionary<string, bool>(StringComparer.Ordinal);
        var read = new List<(DescribedParameter Parameter, FormatReading? Reading)>();
        foreach (var parameter in module.Class.Parameters)
        {
            if (without.Contains(parameter.Property))
            {
                foreach (var (row, _) in parameter.Sources.IsEmpty ? [] : Read(module, parameter).Claims) module.Declined[row] = $"{module.Class.ShortName}.{parameter.Property}";
                module.Parameters.Add(new MatchedParameter(parameter, []));
                continue;
            }
            var reading = parameter.Sources.IsEmpty ? null : Read(module, parameter);
            read.Add((parameter, reading));

            // What is there of one shows that an instance has it, and all that depend on the same.
            if (parameter.When is { } when && reading is { Present: > 0 }) present[when] = true;
        }
        foreach (var (parameter, reading) in read)
        {
            var isThere = reading is { Present: > 0 };
            if (isThere || reading is null)
            {
                module.Parameters.Add(new MatchedParameter(parameter, reading?.Sources ?? []));
                if (isThere) Enter(module, parameter, reading!);
                continue;
            }
            module.Parameters.Add(new MatchedParameter(parameter, []));
            if (parameter.MayBeAbsent || (parameter.When is { } when && !present.ContainsKey(when))) continue;
            EnterMissing(module, parameter, reading, parameter.When);
        }
    }

    private FormatReading Read(MatchedModule module, DescribedParameter parameter)
    {
        var best = (FormatReading?)null;
        foreach (var layout in Layouts(module, parameter))
        {
            var reading = FormatReading.Read(list, module.Class, parameter, layout, module.Names);
            if (best is null || IsBetter(reading, best)) best = reading;
        }
        return best!;
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

    private static void EnterMissing(MatchedModule module, DescribedParameter parameter, FormatReading reading, string? when)
    {
        var (source, name) = reading.Lacks[0];
        module.Problems.Add(new ConformanceProblem(
            ProblemKind.Missing,
            ProblemPlace.Of(module.Class.Name, parameter.Property, source.Index, isName: true),
            $"nothing in the list fills {module.Class.ShortName}.{parameter.Property}: there is no {name}{(when is null ? "" : $", though what else depends on {when} is there")}")
        {
            Name = name.First,
            Written = source.Name,
        });
    }
}
