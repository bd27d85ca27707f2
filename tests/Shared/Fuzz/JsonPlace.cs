using System.Text.Json.Nodes;

namespace Lanyard.Tests.Fuzz;

/// <summary>A place in a JSON tree that holds a value.</summary>
/// <param name="Parent">The object or the array.</param>
/// <param name="Key">The key in an object; null in an array.</param>
/// <param name="Index">The index in an array.</param>
internal sealed record JsonPlace(JsonNode Parent, string? Key, int Index)
{
    public JsonNode? Value
    {
        get => Key is null ? Parent[Index] : Parent[Key];
        set
        {
            if (Key is null) Parent[Index] = value;
            else Parent[Key] = value;
        }
    }

    public void Remove()
    {
        if (Key is null) Parent.AsArray().RemoveAt(Index);
        else Parent.AsObject().Remove(Key);
    }
}
