// What comes after the machine's large answer: handed to the machine, which shows it.

class Rest {
  update(data) {
    document.dispatchEvent(new CustomEvent("machine:rest", { detail: data }));
  }
}

export default component(".rest", Rest);
