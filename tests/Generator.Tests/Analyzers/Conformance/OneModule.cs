namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>Classes of few members, and lists of few tensors.</summary>
internal static class OneModule
{
    /// <summary>A parameter of two axes.</summary>
    public const string Weight = """[Parameter("out in"), FromCheckpoint("weight", "out in")] public partial Parameter Weight { get; private set; }""";

    /// <summary>A root with members, which conforms to <c>list.tensors.json</c>.</summary>
    /// <param name="members">The members.</param>
    /// <param name="attributes">Other attributes of it.</param>
    /// <param name="after">Other classes.</param>
    public static string Root(string members, string attributes = "", string after = "") => $"[ConformsTo(\"list.tensors.json\")]\n{attributes}\n{Class("Model", members)}\n{after}";

    /// <summary>A class with the axes <c>out</c> and <c>in</c>, and members.</summary>
    public static string Class(string name, string members) => $$"""
        [ParameterModule]
        public sealed partial class {{name}} : Module
        {
            public {{name}}() : base("")
            {
                CreateParameters();
                RegisterComponents();
            }

            [Axis] public int Out { get; }
            [Axis] public int In { get; }
            {{members}}
        }
        """;

    /// <summary>A list of tensors, each in BF16: <c>name 4 3</c>.</summary>
    public static string List(params IEnumerable<string> tensors) => $"{{\"tensors\": [\n{string.Join(",\n", tensors.Select(tensor => tensor.Split(' ')).Select(words => $"{{\"name\": \"{words[0]}\", \"dtype\": \"BF16\", \"shape\": [{string.Join(", ", words[1..])}]}}"))}\n]}}";

    /// <summary>What rules find, each with the text at its place.</summary>
    public static async Task<IEnumerable<string>> Found(string code, string list) => (await Findings.Of(code, (SmallDecoder.File, list))).Select(finding => $"{finding.Rule} {finding.Text}");
}
