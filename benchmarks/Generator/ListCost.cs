extern alias models;

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Solving;

namespace Lanyard.Generator.Benchmarks;

/// <summary>What it costs to compare a family with a list: each in a process of its own, from the text to the last size.</summary>
internal static class ListCost
{
    private static readonly (string Root, string List)[] Cases =
    [
        ("Lanyard.Models.Llama.LlamaForCausalLM", "llama-3.1-8b"),
        ("Lanyard.Models.DeepseekV3.DeepseekV3ForCausalLM", "deepseek-v3"),
        ("Lanyard.Models.DeepseekV3.KimiK25ForCausalLM", "kimi-k2.5"),
        ("Lanyard.Models.NemotronH.NemotronHForCausalLM", "nemotron-3-super-120b-a12b-nvfp4"),
    ];

    /// <summary>Prints a table; further lists may be given, as <c>ROOT=FILE</c>.</summary>
    public static void Print(string folder, IEnumerable<string> more)
    {
        Console.WriteLine($"{"list",-44} {"form",-7} {"tensors",9} {"rows",7} {"wall",9} {"processor",10} {"allocated",10}  again   problems");
        var cases = Cases.Select(one => (one.Root, File: Path.Combine(folder, one.List + ".tensors.json"))).Concat(more.Select(one => (Root: one.Split('=')[0], File: one.Split('=')[1])));
        foreach (var (root, file) in cases)
        {
            foreach (var form in new[] { "folded", "flat" }) Console.Write(FreshProcess.Run("list", root, file, form));
        }
    }

    /// <summary>One comparison in this process.</summary>
    public static void Measure(string root, string file, string form)
    {
        var text = File.ReadAllText(file);
        if (form == "flat") text = Flat(text);
        var declared = typeof(models::Lanyard.Models.Llama.LlamaForCausalLM).Assembly;
        var (allocated, processor, start) = (GC.GetTotalAllocatedBytes(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
        var (list, problems) = Compare(text, root, declared);
        var (wall, used, bytes) = (Stopwatch.GetElapsedTime(start), Process.GetCurrentProcess().TotalProcessorTime - processor, GC.GetTotalAllocatedBytes() - allocated);
        start = Stopwatch.GetTimestamp();
        Compare(text, root, declared);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{list.Name,-44} {form,-7} {list.Count,9} {list.Rows.Length,7} {wall.TotalMilliseconds,6:F0} ms {used.TotalMilliseconds,7:F0} ms {bytes / 1e6,7:F1} MB {Stopwatch.GetElapsedTime(start).TotalMilliseconds,5:F0} ms  {problems,6}"));

        (TensorList List, int Problems) Compare(string text, string root, Assembly declared)
        {
            var list = TensorList.Read(text, file);
            var classes = new Dictionary<string, DescribedModule?>(StringComparer.Ordinal);
            return (list, ConformanceCheck.Run(list, Find(root)!, Find, [], _ => null).Problems.Length);

            DescribedModule? Find(string name)
            {
                if (classes.TryGetValue(name, out var known)) return known;
                var type = declared.GetType(name);
                while (type is not null && type.GetCustomAttributesData().All(attribute => attribute.AttributeType.Name != "DeclarationAttribute")) type = type.BaseType;
                return classes[name] = type is null ? null : DeclarationReader.Read(type.FullName!, Lines(type));
            }
        }
    }

    private static IEnumerable<string> Lines(Type type) => type.GetCustomAttributesData().Single(attribute => attribute.AttributeType.Name == "DeclarationAttribute").ConstructorArguments
        .SelectMany(argument => (IReadOnlyCollection<CustomAttributeTypedArgument>)argument.Value!).Select(line => (string)line.Value!);

    /// <summary>The header of a safetensors file with the same tensors.</summary>
    private static string Flat(string folded)
    {
        var (text, offset) = (new System.Text.StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}"), 0L);
        foreach (var row in TensorList.Read(folded, "folded.json").Rows)
        {
            foreach (var name in row.Name.Names) text.Append(CultureInfo.InvariantCulture, $",\"{name}\":{{\"dtype\":\"{row.Type}\",\"shape\":[{string.Join(',', row.Shape)}],\"data_offsets\":[{offset},{offset}]}}");
        }
        return text.Append('}').ToString();
    }
}
