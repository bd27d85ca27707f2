namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>Gives a class random parameters.</summary>
/// <param name="type">The class.</param>
/// <param name="random">What chooses them.</param>
/// <param name="number">A number that no other name has.</param>
internal sealed class RandomParameters(RandomClass type, Random random, Func<int> number)
{
    private static readonly string[] Encodings = ["Fp8", "Fp8Block128", "Fp8Row128", "Int8", "Int4Group32", "Int4Channel", "Nvfp4ModelOpt"];

    /// <summary>Adds a parameter, or two that share a tensor.</summary>
    /// <param name="mayBeAbsent">Whether an instance or a checkpoint may be without it.</param>
    public void Add(bool mayBeAbsent)
    {
        var (x, y, z, w) = Axes();
        var n = $"w{number()}";
        string options;
        switch (random.Next(mayBeAbsent ? 18 : 17))
        {
            case 0: Parameter($"{x} {y}", mayBeAbsent, Source($"{n}.weight", $"{x} {y}")); break;
            case 1: Parameter($"{x} {y}", mayBeAbsent, Source($"{n}.weight", $"{y} {x}")); break;
            case 2: Parameter($"({x} {y}) {z}", mayBeAbsent, Source($"{n}", $"({y} {x}) {z}")); break;
            case 3:
                Parameter($"(q: {x} {y} + k: {z} {y} + v: {z} {y}) {w}", mayBeAbsent, Source($"{n}.q.weight", $"({x} {y}) {w}", "Part = \"q\""), Source($"{n}.k.weight", $"({z} {y}) {w}", "Part = \"k\""), Source($"{n}.v.weight", $"({z} {y}) {w}", "Part = \"v\""));
                break;
            case 4: Parameter($"(p {x}) {y}", mayBeAbsent, Source($"{n}.{{p}}_proj.weight", $"{x} {y}")); break;
            case 5: Parameter($"{x} {y} {z}", mayBeAbsent, Source($"{n}.{{{x}}}.weight", random.Next(2) == 0 ? $"{y} {z}" : $"{z} {y}")); break;
            case 6: Parameter($"{x} (p {y}) {z}", mayBeAbsent, Source($"{n}.{{{x}}}.{{p}}.weight", $"{y} {z}")); break;
            case 7: Parameter($"{x} {y}", mayBeAbsent, Source($"{n}", $"pad({x}, 4) {y}")); break;
            case 8: Parameter($"blocks({x}, 4) {y}", mayBeAbsent, Source($"{n}", $"blocks({x}, 4) {y}")); break;
            case 9: Parameter($"({x} + {y}) {z}", mayBeAbsent, Source($"{n}", $"({x} + {y}) {z}")); break;
            case 10: Parameter($"({x} + {y}) {z}", mayBeAbsent, Source($"{n}.l", $"{x} {z}"), Source($"{n}.r", $"{y} {z}")); break;
            case 11:
                Parameter($"{x} {y} {w}", optional: false, Source($"{n}.kv", $"({x} ({y} + {z})) {w}"));
                Parameter($"{x} {w} {z}", optional: false, Source($"{n}.kv", $"({x} ({y} + {z})) {w}"));
                break;
            case 12: Parameter($"{x} {y}", mayBeAbsent, Source($"{n}.{{{x} + 1}}", $"{y}")); break;
            case 13:
                options = ", Type = ScalarType.Float32";
                Parameter($"{x}", mayBeAbsent, [Source($"{n}.bias", $"{x}")], options);
                break;
            case 14:
                Parameter($"(q: {x} + k: {x} + v: {y})", mayBeAbsent, Source($"{n}.q.bias", $"{x}", "Part = \"q\""), Source($"{n}.v.bias", $"{y}", "Part = \"v\""), "    [Constant(\"k\", 0)]\n");
                break;
            case 15: Parameter($"p {x}", mayBeAbsent, Source($"{n}.scale", $"{x}", "Repeat = \"p\"")); break;
            case 16: Encoded(n, x, y, z, mayBeAbsent); break;
            default: Parameter("", optional: false, [Source($"{n}.lone", "")], ", Absent = 1"); break;
        }
    }

    private void Encoded(string n, string x, string y, string z, bool mayBeAbsent)
    {
        var encoding = Encodings[random.Next(Encodings.Length)];
        var codes = encoding.StartsWith("Int4", StringComparison.Ordinal) ? "weight_packed" : "weight";
        if (random.Next(3) == 0)
        {
            Parameter(
                $"{x} (p {y}) {z}",
                mayBeAbsent,
                Source($"{n}.{{{x}}}.{{p}}.weight", $"{y} {z}"),
                Source($"{n}.{{{x}}}.{{p}}.{codes}", $"{y} {z}", $"Encoding = typeof(Lanyard.Published.{encoding}), Format = \"codes\""));
            return;
        }
        Parameter($"{x} {y}", mayBeAbsent, Source($"{n}.weight", $"{x} {y}"), Source($"{n}.{codes}", $"{x} {y}", $"Encoding = typeof(Lanyard.Published.{encoding}), Format = \"codes\""));
    }

    private (string, string, string, string) Axes()
    {
        List<string> axes = [.. type.Axes.OrderBy(_ => random.Next())];
        return (axes[0], axes[1], axes[2], axes.Count > 3 ? axes[3] : "1");
    }

    private void Parameter(string pattern, bool optional, params string[] sources) => Parameter(pattern, optional, sources, "");

    private void Parameter(string pattern, bool optional, string[] sources, string options)
    {
        var name = $"V{number()}";
        var isOptional = optional && random.Next(4) == 0;
        if (isOptional)
        {
            // Sometimes several depend on one.
            if (type.Flags.Count == 0 || random.Next(2) == 0) type.Flags.Add($"x{number()}");
            var flag = RandomClass.Member(type.Flags[^1]);
            options += $", When = nameof(Has{flag})";

            // Sometimes all instances have it, or each has it or another one.
            if (random.Next(4) == 0 && !type.Always.Contains(type.Flags[^1]))
            {
                var other = random.Next(2) == 0 ? null : $"V{number()}";
                if (other is null) type.Always.Add(type.Flags[^1]);
                else type.Parameters.Add($"    [Parameter(\"{type.Axes[0]}\", When = nameof(Lacks{flag}))]\n{Source($"{other}.other", type.Axes[0])}    public partial Parameter? {other} {{ get; private set; }}\n");
                type.Attributes.Add($"[With(\"{name}{(other is null ? "" : "|" + other)}\")]");
            }
        }
        type.Parameters.Add($"    [Parameter(\"{pattern}\"{options})]\n{string.Concat(sources)}    public partial Parameter{(isOptional ? "?" : "")} {name} {{ get; private set; }}\n");
    }

    private static string Source(string name, string pattern, string options = "") => $"    [FromCheckpoint(\"{name}\", \"{pattern}\"{(options.Length == 0 ? "" : ", " + options)})]\n";
}
