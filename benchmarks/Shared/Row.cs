using System.Text.Json.Nodes;

namespace Lanyard.Benchmarks;

/// <summary>A row of the table that <c>eng/benchmarks.sh</c> prints. It is declared where it is measured, and never by two: its name finds it in the history.</summary>
internal sealed record Row
{
    /// <summary>The variable that names the file which rows are added to; without it they go nowhere.</summary>
    private const string Variable = "LANYARD_BENCHMARK_ROWS";

    private Row(string name, string unit, double? aim, bool? atLeast) => (Name, Unit, Aim, AtLeast) = (name, unit, aim, atLeast);

    public string Name { get; }

    /// <summary>What stands behind the figure: "of memcpy", "ms".</summary>
    public string Unit { get; }

    /// <summary>Null where none was set: such a row is compared with earlier ones alone.</summary>
    public double? Aim { get; }

    /// <summary>Whether more is better; null where neither is, and the row is only shown.</summary>
    public bool? AtLeast { get; }

    public double Figure { get; private init; }

    /// <summary>A difference of less is none.</summary>
    public double Grain { get; init; }

    public bool? Reached => Aim is not { } aim ? null : AtLeast == true ? Figure >= aim : Figure <= aim;

    /// <summary>More is better.</summary>
    public static Row Least(string name, double? aim, string unit) => new(name, unit, aim, atLeast: true);

    /// <summary>Less is better.</summary>
    public static Row Most(string name, double? aim, string unit) => new(name, unit, aim, atLeast: false);

    /// <summary>What helps to read the others.</summary>
    public static Row Shown(string name, string unit) => new(name, unit, null, null);

    /// <summary>As it was written.</summary>
    public static Row Read(JsonNode json) => new((string)json["row"]!, (string)json["unit"]!, (double?)json["aim"], (bool?)json["atLeast"]) { Figure = (double)json["figure"]!, Grain = (double?)json["grain"] ?? 0 };

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["row"] = Name, ["figure"] = Figure, ["unit"] = Unit, ["aim"] = Aim, ["atLeast"] = AtLeast };
        if (Grain > 0) json["grain"] = Grain;
        return json;
    }

    /// <summary>Adds the row to the file, where one is asked for.</summary>
    public void Measured(double figure)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path) File.AppendAllText(path, (this with { Figure = Math.Round(figure, 4) }).ToJson().ToJsonString() + "\n");
    }
}
