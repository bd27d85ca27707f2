using Lanyard.Arithmetic;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>What an encoding's class says that cannot be, whatever source names it.</summary>
internal sealed class EncodingFaults
{
    private const string Kinds = "Lanyard.CodeType";

    private readonly INamedTypeSymbol _type;
    private readonly CancellationToken _cancel;
    private readonly AttributeData? _codes;
    private readonly AttributeData? _value;
    private readonly List<AttributeData> _companions;
    private readonly bool _isFlat;

    public EncodingFaults(INamedTypeSymbol type, CancellationToken cancel)
    {
        (_type, _cancel) = (type, cancel);
        (_codes, _value) = (type.Attribute("CodesAttribute"), type.Attribute("ValueAttribute"));
        _companions = [.. type.Attributes("CompanionAttribute")];
        _isFlat = _codes?.Named("Flat") is true;
    }

    /// <summary>Whether a class has any of the attributes of an encoding.</summary>
    public static bool Declares(INamedTypeSymbol type) =>
        type.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: "CodesAttribute" or "ValueAttribute" or "CompanionAttribute" or "UnreadAttribute" or "ConfiguredAttribute" } found && found.IsAttribute(found.Name));

    public IEnumerable<(Location Where, string Message)> All()
    {
        if (_codes is null)
        {
            var other = _value ?? _companions.FirstOrDefault() ?? _type.Attribute("UnreadAttribute") ?? _type.Attribute("ConfiguredAttribute")!;
            return [(Locate.Attribute(other, _type, _cancel), $"\"{_type.Name}\" does not say how codes are stored; add [Codes]")];
        }
        if (_value is null) return [(Locate.Attribute(_codes, _type, _cancel), $"\"{_type.Name}\" does not say what a value is; add [Value]: \"code * scale\"")];
        return OfLayout(_codes, _codes.ConstructorArguments.ElementAtOrDefault(1)).Concat(_companions.SelectMany(OfCompanion)).Concat(OfUnread()).Concat(OfValue(_value));
    }

    private IEnumerable<(Location, string)> OfValue(AttributeData attribute)
    {
        if (Declared.Text(attribute, 0) is not { } text) yield break;
        if (!ValueExpression.TryParse(text, out var value, out var error))
        {
            yield return (Piece(error!.Position, error.Length), error.Message);
            yield break;
        }
        foreach (var term in value!.Root.All)
        {
            var (name, isTable) = term switch { NameTerm { IsCode: false } found => (found.Name, false), TableTerm found => (found.Name, true), _ => (null, false) };
            if (name is null) continue;
            if (_companions.Find(companion => companion.Text(0) == name) is not { } companion)
                yield return (Piece(term.Start, name.Length), $"\"{name}\" is no companion of \"{_type.Name}\"; {(_companions.Count == 0 ? "add" : $"its companions are {string.Join(", ", _companions.Select(static companion => companion.Text(0)))}; add")} [Companion(\"{name}\", ...)]");
            else if (isTable != IsTable(companion))
                yield return (Piece(term.Start, name.Length), isTable
                    ? $"\"{name}\" has an element for each block of values and is no table; write \"{name}\" without an index, or declare it without covers"
                    : $"\"{name}\" covers no block of values, so it is a table; write \"{name}[code]\", or say which block an element covers");
        }
        if (!value.Names.Contains(NameTerm.Code)) yield return (Piece(0, text.Length), "The value does not depend on the code; use \"code\"");
        foreach (var companion in _companions)
        {
            var name = companion.Text(0);
            if (IsName(name) && !value.Names.Contains(name) && !value.Tables.Contains(name) && !_companions.Exists(other => other.Named("Through") as string == name))
                yield return (At(companion, 0), $"The value does not use \"{name}\"; use it, or declare its tensor as [Unread]");
        }

        Location Piece(int position, int length) => Locate.Argument(attribute, 0, _cancel) is { } argument ? Locate.Text(argument, position, length) : Locate.Attribute(attribute, _type, _cancel);
    }

    private IEnumerable<(Location, string)> OfCompanion(AttributeData companion)
    {
        var name = companion.Text(0);
        var covers = Covers(companion);
        var isJson = Kind(companion.Constant("Type")) == "Json";
        if (!IsName(name))
            yield return (At(companion, 0), $"\"{name}\" cannot be used in a value as a name of its own; write one of letters, digits and underscores, other than \"code\"");
        else if (_companions.Find(other => other.Text(0) == name) != companion)
            yield return (At(companion, 0), $"\"{name}\" is a companion already; give each a name of its own");
        if (companion.Text(1) == _codes!.Text(0)) yield return (At(companion, 1), $"\"{companion.Text(1)}\" is how the name of the codes ends; give the end of the name of \"{name}\"");
        for (var i = 0; i < covers.Count; i++)
        {
            if (!Arithmetic.Covers.TryParse(covers[i], out var read)) yield return (Cover(companion, i, covers.Count), $"\"{covers[i]}\" is no block of values; write for each axis a number of positions, or \"*\" for all: \"1 32\"");
            else if (_isFlat && read!.Axes > 1) yield return (Cover(companion, i, covers.Count), $"Flattened values have one axis, and \"{covers[i]}\" speaks of {read.Axes}");
        }
        if (IsTable(companion) && companion.Named("Axis") is int and < -1) yield return (At(companion, "Axis"), "A table has one axis, along which its codes are packed; remove \"Axis\"");
        if (isJson && companion.Named("Field") is null) yield return (At(companion, "Type"), "JSON has many fields; say which has the number with \"Field\"");
        if (isJson && covers.Count > 0) yield return (Cover(companion, 0, covers.Count), "A number in JSON is one for all values; leave out what it covers");
        if (!isJson && companion.Named("Field") is not null) yield return (At(companion, "Field"), "Only JSON has fields; add Type = CodeType.Json, or remove \"Field\"");
        if (companion.Named("Absent") is double absent)
        {
            if (IsTable(companion)) yield return (At(companion, "Absent"), $"No number stands for a table; remove \"Absent\", or say which block of values an element of \"{name}\" covers");
            else if (_companions.Exists(other => other.Named("Through") as string == name)) yield return (At(companion, "Absent"), $"Others go through \"{name}\", for which no number stands; remove \"Absent\"");
            else if (double.IsNaN((float)absent) || double.IsInfinity((float)absent)) yield return (At(companion, "Absent"), "Nothing is left of a value that is computed with this; \"Absent\" is a finite number");
        }
        if (companion.Named("Through") is string through && WrongThrough(companion, through, covers) is { } wrong) yield return (At(companion, "Through"), wrong);
        foreach (var fault in OfLayout(companion, companion.Constant("Type"))) yield return fault;
    }

    private string? WrongThrough(AttributeData companion, string through, IReadOnlyList<string> covers)
    {
        if (covers.Count == 0) return "A table has no blocks of values to be found through another; say which block an element covers, or remove \"Through\"";
        if (_companions.Find(other => other.Text(0) == through) is not { } index || index == companion) return $"\"{through}\" is no other companion of \"{_type.Name}\"; name the one that has the number of the block for each position";
        if (index.Named("Through") is not null) return $"\"{through}\" goes through another itself; name one that has the numbers";
        var items = Covers(index) is [var text] ? text.Split([' '], StringSplitOptions.RemoveEmptyEntries) : [];
        return items.Where(static item => item != "*").ToList() is ["1"] && (_isFlat || items.Length > 1)
            ? null
            : $"\"{through}\" must have one number for each position along one axis, and cover the others as a whole: \"1 *\"";
    }

    private IEnumerable<(Location, string)> OfUnread() =>
        from unread in _type.Attributes("UnreadAttribute")
        let tensor = unread.Text(0)
        where tensor == _codes!.Text(0) || _companions.Exists(companion => companion.Text(1) == tensor)
        select (At(unread, 0), $"\"{tensor}\" is read by the encoding; remove one of the two");

    private IEnumerable<(Location, string)> OfLayout(AttributeData attribute, TypedConstant type)
    {
        var kind = Kind(type);
        var (bits, word, axis, block) = (Number(attribute, "Bits"), Number(attribute, "Word"), attribute.Named("Axis") as int? ?? -1, Number(attribute, "Block"));
        var order = attribute.Constant("Order").Items().Select(static place => place.Value as int? ?? -1).ToList();
        if (kind is null) yield return (AtType(attribute), "This is no type of code; name a member of CodeType");
        if (kind == "Json" && attribute == _codes) yield return (AtType(attribute), "JSON is no tensor of codes; name another type");
        if (bits == 0)
        {
            if (kind == "E2M1") yield return (AtType(attribute), "Codes of 4 bits lie in words; add Bits = 4 and the bits of a \"Word\"");
            foreach (var name in new[] { "Word", "Axis", "Order", "Block" })
            {
                if (Locate.Argument(attribute, name, _cancel) is { } without) yield return (without.Expression.GetLocation(), $"\"{name}\" says how codes lie in words, and each is an element of its own; add the \"Bits\" of a code, or remove \"{name}\"");
            }
            yield break;
        }
        var isWord = word is 8 or 16 or 32 or 64;
        if (!isWord) yield return (At(attribute, word == 0 ? "Bits" : "Word"), "A \"Word\" has 8, 16, 32 or 64 bits, as the stored element has");
        if (bits < 1 || bits > 32 || (isWord && bits > word)) yield return (At(attribute, "Bits"), $"A code has at least 1 bit and at most those of a word, and 32");
        else if (kind is "Number" or "Json") yield return (At(attribute, "Bits"), $"CodeType.{kind} is an element of its own; remove \"Bits\", or name the type that the bits stand for");
        else if ((kind == "E2M1" && bits != 4) || (kind == "Exponent" && bits != 8)) yield return (At(attribute, "Bits"), $"CodeType.{kind} has {(kind == "E2M1" ? 4 : 8)} bits");
        else if (isWord && block % (word / Gcd(word, bits)) != 0) yield return (At(attribute, "Block"), $"A block has words of its own, and {block} codes of {bits} bits fill none to the end; make it a multiple of {word / Gcd(word, bits)}");
        if (block < 0) yield return (At(attribute, "Block"), "A block has at least one code; without blocks leave \"Block\" out");
        if (axis >= 0) yield return (At(attribute, "Axis"), "Axes are counted from the end, for sources have more or fewer before them: -1 is the last");
        else if (_isFlat && axis != -1) yield return (At(attribute, "Axis"), "Flattened values have one axis; remove \"Axis\"");
        if (_isFlat && block != 0) yield return (At(attribute, "Block"), "Flattened values are stored in whatever shape; remove \"Block\" or \"Flat\"");
        if (order.Count > 0 && !order.OrderBy(static place => place).SequenceEqual(Enumerable.Range(0, order.Count)))
            yield return (At(attribute, "Order"), $"Each place of 0 to {order.Count - 1} belongs to one code; give each once");
        else if (order.Count > 0 && isWord && bits > 0 && word % (order.Count * bits) != 0 && order.Count * bits % word != 0)
            yield return (At(attribute, "Order"), $"{order.Count} codes of {bits} bits are neither whole words of {word} bits nor a part of one that divides it");
    }

    private static bool IsName(string name) => ValueExpression.TryParse(name, out var value, out _) && value!.Root is NameTerm { IsCode: false } term && term.Length == name.Length;

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);

    private static int Number(AttributeData attribute, string name) => attribute.Named(name) as int? ?? 0;

    /// <summary>Whether a companion is a table: it covers nothing, and is no single number either.</summary>
    private static bool IsTable(AttributeData companion) => Covers(companion).Count == 0 && Kind(companion.Constant("Type")) != "Json";

    public static List<string> Covers(AttributeData companion) =>
        [.. companion.ConstructorArguments.ElementAtOrDefault(2).Items().Select(static covers => covers.Value as string ?? "")];

    /// <summary>The member of CodeType; null where it has no such member.</summary>
    private static string? Kind(TypedConstant type) =>
        type is not { Kind: TypedConstantKind.Enum, Value: not null } ? "Number"
        : KnownTypes.Expression(type, Kinds) is var text && text.StartsWith(Kinds + ".", StringComparison.Ordinal) ? text.Substring(Kinds.Length + 1) : null;

    private Location AtType(AttributeData attribute) => attribute == _codes ? At(attribute, 1) : At(attribute, "Type");

    private Location At(AttributeData attribute, int position) => Locate.Argument(attribute, position, _cancel)?.Expression.GetLocation() ?? Locate.Attribute(attribute, _type, _cancel);

    private Location At(AttributeData attribute, string name) => Locate.Argument(attribute, name, _cancel)?.Expression.GetLocation() ?? Locate.Attribute(attribute, _type, _cancel);

    // A list is written out, or as one argument.
    private Location Cover(AttributeData companion, int item, int items)
    {
        var arguments = (companion.ApplicationSyntaxReference?.GetSyntax(_cancel) as AttributeSyntax)?.ArgumentList?.Arguments.Where(static argument => argument.NameEquals is null).ToList();
        return arguments is not null && arguments.Count == items + 2 && arguments.TrueForAll(static argument => argument.NameColon is null) ? arguments[item + 2].Expression.GetLocation() : At(companion, 2);
    }
}
