using System.Globalization;
using Lanyard;
using Lanyard.Ranks;

// STORE GROUP SIZE MILLISECONDS: a rank of a group whose decisions are in a folder, or in etcd, by its address. It says "ready", and does what lines tell it:
//   join RANK | refit VERSION | fail VERSION | stop VERSION POINT | settle | reach | state
// At a point it stops until the next line. STORE race RECORDS: creates records as fast as it can beside others that do, once it is told to, and says what is there under each.
if (args[1] == "race")
{
    var store = Stores.Open(args[0]);
    Console.WriteLine("ready");
    Console.ReadLine();
    for (var i = 0; i < int.Parse(args[2], CultureInfo.InvariantCulture); i++) Console.WriteLine(store.Create($"race/{i}", $"{Environment.ProcessId}"));
    return;
}
var program = new RankProgram(args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(double.Parse(args[3], CultureInfo.InvariantCulture)));
Console.WriteLine("ready");

// It ends with whoever started it.
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ', 3);
    switch (words[0])
    {
        case "join":
            program.Join(int.Parse(words[1], CultureInfo.InvariantCulture));
            break;
        case "settle":
            program.Settle();
            break;
        case "reach":
            program.Reach();
            break;
        case "state":
            Console.WriteLine($"state {program.State()}");
            break;
        default:
            program.Refit(words[1], words[0] == "fail", words.ElementAtOrDefault(2));
            break;
    }
}
